import type { HistoryHeader } from './operations.ts'

/** A key as a store holds it; what is absent is not known. */
export interface StoredKey {
  readonly value: string
  readonly modRevision: number
  readonly createRevision?: number
  readonly version?: number
  /** Decimal; `0` = none. */
  readonly lease?: string
}

/** Every key of the store at the revision at which a history of the `etcd` model begins. */
export interface InitialStore {
  readonly revision: number
  readonly kvs: Readonly<Record<string, StoredKey>>
  /** Earlier requests, which another history has, left it so; default a store that was made so. */
  readonly continues?: boolean
}

/** The header's `initial`, where it says both; the `etcd` checkers refuse one of another shape. */
export function initialStoreOf({ model, initial }: HistoryHeader): InitialStore | undefined {
  if (model !== 'etcd' || typeof initial !== 'object' || initial === null) return undefined
  const { revision, kvs = {}, continues = false } = initial as Partial<InitialStore>
  return typeof revision === 'number' ? { revision, kvs, continues } : undefined
}

/** The same of a history that goes on where another one ended. */
export function continuedStoreOf(header: HistoryHeader): InitialStore | undefined {
  const initial = initialStoreOf(header)
  return initial?.continues === true ? initial : undefined
}
