export interface KeyValue {
  readonly key: string
  readonly value: string
  readonly createRevision: number
  readonly modRevision: number
  readonly version: number
  /** Decimal; `0` = none. */
  readonly lease: string
}

export interface RangeRequest {
  readonly key: string
  /** Exclusive; `\0` = no upper bound; absent = the key alone. */
  readonly end?: string
  readonly limit?: number
  readonly atRevision?: number
  readonly serializable?: boolean
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
  readonly sort?: {
    readonly by: 'key' | 'version' | 'create' | 'mod' | 'value'
    readonly order: 'ascend' | 'descend'
  }
  /** Inclusive bounds; they take keys out of the answer, not out of its `count`. */
  readonly minModRevision?: number
  readonly maxModRevision?: number
  readonly minCreateRevision?: number
  readonly maxCreateRevision?: number
}

export interface RangeResult {
  /** In the order of the keys, unless sorted. */
  readonly kvs: readonly KeyValue[]
  readonly count: number
  readonly more: boolean
  /** The store's when it was read. */
  readonly revision: number
}

export interface PutRequest {
  readonly key: string
  readonly value: string
  /** Decimal id of a lease. */
  readonly lease?: string
  /** The key keeps what it holds; `value` must be empty. Refused for a missing key. */
  readonly ignoreValue?: boolean
  /** The key keeps its lease. Refused for a missing key. */
  readonly ignoreLease?: boolean
  /** The answer tells what was there before. */
  readonly prevKv?: boolean
}

/**
 * `mod` compares the mod revision, `create` the revision that created the key (0 = missing), `lease`
 * a decimal id; a `value` compare of a missing key never holds. With `end`, every key there must.
 */
export type Compare = {
  readonly key: string
  readonly end?: string
  readonly is: Comparison
} & (
  | { readonly target: 'value' | 'lease'; readonly to: string }
  | { readonly target: 'version' | 'create' | 'mod'; readonly to: number }
)

export type Comparison = '=' | '!=' | '<' | '>'

export type Step =
  | { readonly put: PutRequest }
  | { readonly range: RangeRequest }
  | { readonly delete: { readonly key: string; readonly end?: string } }
  | { readonly txn: TxnRequest }

export interface TxnResult {
  /** Whether all compares held, so `success` ran. */
  readonly succeeded: boolean
  readonly revision: number
  /** One for each step that ran: the keys read, the number deleted, or nothing for the others. */
  readonly results: readonly (Omit<RangeResult, 'revision'> | number | null)[]
  /** What the transactions among the steps came to, in their order. */
  readonly nested: readonly Omit<TxnResult, 'revision'>[]
}

export interface TxnRequest {
  readonly compare: readonly Compare[]
  readonly success: readonly Step[]
  readonly failure?: readonly Step[]
}
