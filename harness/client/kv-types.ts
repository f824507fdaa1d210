/** A key as the store has it at one revision. */
export interface KeyValue {
  readonly key: string
  readonly value: string
  readonly createRevision: number
  readonly modRevision: number
  /** Writes of the key since it was created, from 1; 0 in a delete event. */
  readonly version: number
  /** Decimal; `0` = none. */
  readonly lease: string
}

/** A read of one key or of a range; linearizable unless it says otherwise. */
export interface RangeRequest {
  readonly key: string
  /** Exclusive; `\0` = no upper bound; absent = the key alone. */
  readonly end?: string
  /** The most keys to answer; 0 or absent = all. */
  readonly limit?: number
  /** The store as it was at that revision; 0 or absent = the newest. */
  readonly atRevision?: number
  /** From the member's own data, which may be stale; needs no quorum. */
  readonly serializable?: boolean
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
  readonly sort?: {
    readonly by: 'key' | 'version' | 'create' | 'mod' | 'value'
    readonly order: 'ascend' | 'descend'
  }
  /** Inclusive bounds; they filter the answer's keys, not its `count`. */
  readonly minModRevision?: number
  readonly maxModRevision?: number
  readonly minCreateRevision?: number
  readonly maxCreateRevision?: number
}

/** What a read returned. */
export interface RangeResult {
  /** In ascending order of the keys, unless `sort` says otherwise. */
  readonly kvs: readonly KeyValue[]
  /** Keys in the range, whatever the limit. */
  readonly count: number
  /** The limit left keys out. */
  readonly more: boolean
  /** The store's revision at the read. */
  readonly revision: number
}

/** A write of one key. */
export interface PutRequest {
  readonly key: string
  readonly value: string
  /** Decimal id of a lease. */
  readonly lease?: string
  /** The key keeps its value; `value` must be empty. etcd rejects it for a missing key. */
  readonly ignoreValue?: boolean
  /** The key keeps its lease. etcd rejects it for a missing key. */
  readonly ignoreLease?: boolean
  /** The answer has the previous key. */
  readonly prevKv?: boolean
}

/**
 * `mod` compares the mod revision, `create` the revision that created the key (0 = missing), `lease`
 * a decimal id; a `value` compare of a missing key never holds. With `end`, it must hold for every
 * key in the range.
 */
export type Compare = {
  readonly key: string
  readonly end?: string
  readonly is: Comparison
} & (
  | { readonly target: 'value' | 'lease'; readonly to: string }
  | { readonly target: 'version' | 'create' | 'mod'; readonly to: number }
)

/** How a compare relates the stored to the given. */
export type Comparison = '=' | '!=' | '<' | '>'

/** What a branch of a transaction does, in order. */
export type Step =
  | { readonly put: PutRequest }
  | { readonly range: RangeRequest }
  | { readonly delete: { readonly key: string; readonly end?: string; readonly prevKv?: boolean } }
  | { readonly txn: TxnRequest }

/** What a transaction did. */
export interface TxnResult {
  /** Whether all compares held, so that `success` ran. */
  readonly succeeded: boolean
  readonly revision: number
  /** One for each step that ran: the keys read, the number deleted, or nothing for the others. */
  readonly results: readonly (Omit<RangeResult, 'revision'> | number | null)[]
  /** The previous keys that each step answers: of puts and deletes with `prevKv`. */
  readonly prevKvs: readonly (readonly KeyValue[])[]
  /** The answers of the transactions among the steps, in their order. */
  readonly nested: readonly Omit<TxnResult, 'revision'>[]
}

/** All compares hold: `success` runs, else `failure` (default nothing). Either is one revision. */
export interface TxnRequest {
  readonly compare: readonly Compare[]
  readonly success: readonly Step[]
  readonly failure?: readonly Step[]
}
