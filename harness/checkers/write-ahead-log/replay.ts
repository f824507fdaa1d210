import type { LoggedEntry, LoggedPut, LoggedRequest, LoggedTxn } from '../../history/logs/wal.ts'
import { createAlarms } from './alarms.ts'
import { createLeases } from './leases.ts'
import { createStore, type KeyVersion, type ReplayedStore, type StoreWriter } from './store.ts'
import { applySteps, choosePath, findStepError, type StepResult } from './transaction.ts'

/** What came of one entry when etcd applied it. */
export interface AppliedEntry {
  readonly entry: LoggedEntry
  /** The store's revision right after it. */
  readonly revision: number
  /** Whether it created that revision. */
  readonly isChange: boolean
  /** Why etcd refused it: it then changed nothing. */
  readonly error?: string
  /** Of a delete: how many keys; of a transaction: which branch ran, and the result of each step. */
  readonly deleted?: number
  readonly succeeded?: boolean
  readonly results?: readonly StepResult[]
  /** Of a put or delete of one key: the key as it was before. */
  readonly previous?: KeyVersion
}

export interface LogReplay {
  readonly applied: readonly AppliedEntry[]
  readonly store: ReplayedStore
  /** Why etcd may have applied entries in another way. */
  readonly doubts: readonly string[]
}

type Outcome = Omit<AppliedEntry, 'entry' | 'revision' | 'isChange'>

/**
 * Applies the entries of a log to an empty store, in order, as etcd 3.3 to 3.7 does (its package
 * `apply`): alarms, missing leases and failed conditions of a put included. What it does not follow
 * are permissions of users: `doubts` says so when authentication was enabled.
 */
export function replayLog(entries: readonly LoggedEntry[]): LogReplay {
  const store = createStore()
  const machine = createMachine(store)
  const applied = entries.map((entry): AppliedEntry => {
    const before = store.revision
    const outcome = machine.apply(entry.request)
    const { revision } = store
    return { entry, revision, isChange: revision > before, ...outcome }
  })
  return { applied, store, doubts: [...machine.doubts] }
}

function createMachine(store: ReplayedStore) {
  const alarms = createAlarms()
  const leases = createLeases()
  const doubts = new Set<string>()
  let compacted = 0
  const attached = (writer: StoreWriter): StoreWriter => ({
    put: (key, value, lease) => {
      writer.put(key, value, lease)
      leases.attach(key, lease)
    },
    remove: (key) => {
      leases.attach(key, '0')
      return writer.remove(key)
    },
  })
  const write = <Result>(change: (writer: StoreWriter) => Result) =>
    store.write((writer) => change(attached(writer)))
  const findPutError = ({ key, lease = '0', ignoreValue, ignoreLease }: LoggedPut) => {
    if (lease !== '0' && !leases.has(lease)) return 'requested lease not found'
    const isMissing = store.get(key).value === null
    return isMissing && (ignoreValue || ignoreLease) ? 'key not found' : undefined
  }
  const put = (request: LoggedPut): Outcome => {
    const error = findPutError(request)
    if (error !== undefined) return { error }
    const previous = store.get(request.key)
    write((writer) => putInto(writer, request, previous))
    return { previous }
  }
  const transact = (txn: LoggedTxn): Outcome => {
    const path = choosePath(txn, store)
    const error = findStepError(path, { findPutError, compacted, revision: store.revision })
    if (error !== undefined) return { error }
    const results = write((writer) => applySteps(path, { writer, store, put: putInto }))
    return { succeeded: path.succeeded, results }
  }
  const remove = (request: LoggedRequest & { kind: 'delete' }): Outcome => {
    const keys = store.keysWithin(request)
    const previous = store.get(request.key)
    write((writer) => keys.forEach(writer.remove))
    return { deleted: keys.length, ...(request.end === undefined && { previous }) }
  }
  const apply = (request: LoggedRequest): Outcome => {
    const error = alarms.findError(request)
    if (error !== undefined) return { error }
    switch (request.kind) {
      case 'put':
        return put(request)
      case 'txn':
        return transact(request)
      case 'delete':
        return remove(request)
      case 'compaction':
        compacted = Math.max(compacted, Math.min(request.revision, store.revision))
        return {}
      case 'lease-grant':
        return leases.grant(request.lease)
      case 'lease-revoke': {
        const keys = leases.revoke(request.lease)
        if (keys === undefined) return { error: 'requested lease not found' }
        write((writer) => keys.forEach(writer.remove))
        return { deleted: keys.length }
      }
      case 'alarm':
        alarms.change(request)
        return {}
      case 'other':
        if (request.name === 'authEnable') doubts.add('authentication was enabled')
        if (!isHarmless(request.name)) doubts.add(`a request is of a kind unknown to the replay`)
        return {}
      default:
        return {}
    }
  }
  return { apply, doubts }
}

function putInto(writer: StoreWriter, request: LoggedPut, before: KeyVersion): void {
  const { key, value, lease = '0', ignoreValue, ignoreLease } = request
  writer.put(key, ignoreValue ? (before.value ?? '') : value, ignoreLease ? before.lease : lease)
}

/** Requests of the second API, of users, of versions and of memberships change no key. */
function isHarmless(name: string): boolean {
  return name !== 'unknown' && !name.startsWith('txn')
}
