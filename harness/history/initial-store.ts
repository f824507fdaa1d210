import type { HistoryHeader } from './operations.ts'

/** A key of the store in which a history begins; what is absent is not known. */
interface InitialKey {
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
  readonly kvs: Readonly<Record<string, InitialKey>>
}

/** The header's `initial`, where it says both; the `etcd` checkers refuse one of another shape. */
export function initialStoreOf({ model, initial }: HistoryHeader): InitialStore | undefined {
  if (model !== 'etcd' || typeof initial !== 'object' || initial === null) return undefined
  const { revision, kvs = {} } = initial as Partial<InitialStore>
  return typeof revision === 'number' ? { revision, kvs } : undefined
}
