import type { Operation } from '../../history/operations.ts'
import { mayBeStale } from '../../history/stale.ts'
import type { RefusalFacts } from './facts.ts'
import { bytesOf, hasRepeatedKey, lengthOf } from './request-size.ts'

export const refusalCodes = [
  'compacted-without-compaction',
  'future-revision-is-past',
  'lease-is-alive',
  'too-large-below-limit',
  'too-many-operations-below-limit',
  'space-exceeded-below-quota',
  'key-is-given',
  'key-is-not-repeated',
] as const

/** How the history contradicts a refusal's reason, as "… but …" reads on; undefined when it does not. */
type Contradict = (operation: Operation, facts: RefusalFacts) => string | undefined

/** A reason for which etcd refuses a request. */
export interface RefusalKind {
  readonly code: (typeof refusalCodes)[number]
  /** What etcd's error contains in every version (`api/v3rpc/rpctypes/error.go`). */
  readonly text: string
  /** The request itself is the reason, not the state of the cluster. */
  readonly isOfRequest: boolean
  readonly contradict: Contradict
}

const contradictCompacted: Contradict = ({ invoke }, { compactRevision }) => {
  const { atRevision = 0 } = invoke
  if (atRevision === 0) return 'it named no revision'
  if (compactRevision === undefined || atRevision < compactRevision) return undefined
  const last =
    compactRevision > 0
      ? `the last compaction was of revision ${compactRevision}`
      : 'no revision was ever compacted'
  return `it named revision ${atRevision}, and ${last}`
}

const contradictFuture: Contradict = (operation, { revisionBefore }) => {
  const { atRevision = 0, member } = operation.invoke
  if (atRevision === 0) return 'it named no revision'
  const isStale = mayBeStale(operation.invoke)
  // Of the member that answered it nothing is known, which may have been far behind.
  if (isStale && member === undefined) return undefined
  const known = revisionBefore(operation.invokeIndex, isStale ? member : undefined)
  if (known < atRevision) return undefined
  return `it named revision ${atRevision}, and ${known} had been answered before`
}

const contradictLeaseNotFound: Contradict = ({ invoke, completion }, { isLeaseAlive }) => {
  const { lease } = invoke
  if (typeof lease !== 'string') return 'it named no lease'
  const isAlive = isLeaseAlive(lease, invoke.timeNs, completion?.timeNs ?? Infinity)
  return isAlive ? `lease ${lease} was granted before and had not expired` : undefined
}

/** Half of a limit leaves room for what etcd adds to a request. */
const sureShare = 0.5

const contradictTooLarge: Contradict = ({ invoke }, { requestBytes }) => {
  const bytes = bytesOf(invoke)
  if (requestBytes === undefined || bytes > sureShare * requestBytes) return undefined
  return `it has ${bytes} bytes, and the limit is ${requestBytes}`
}

const contradictTooMany: Contradict = ({ invoke }, { txnOperations }) => {
  const length = lengthOf(invoke)
  if (txnOperations === undefined || length > txnOperations) return undefined
  return `it has ${length} operations, and the limit is ${txnOperations}`
}

const contradictSpace: Contradict = (_, { quotaBytes, writtenBytes }) => {
  if (quotaBytes === undefined || writtenBytes === undefined) return undefined
  if (writtenBytes > sureShare * quotaBytes) return undefined
  return `clients wrote at most ${writtenBytes} bytes, the quota is ${quotaBytes}, and no member logged an alarm`
}

const contradictNoKey: Contradict = ({ invoke }) =>
  invoke.key === undefined || invoke.key === '' ? undefined : `its key is ${invoke.key}`

const contradictRepeated: Contradict = ({ invoke }) =>
  hasRepeatedKey(invoke) ? undefined : 'no branch of it names a key twice'

const kinds: readonly RefusalKind[] = [
  {
    code: 'compacted-without-compaction',
    text: 'required revision has been compacted',
    isOfRequest: true,
    contradict: contradictCompacted,
  },
  {
    code: 'future-revision-is-past',
    text: 'required revision is a future revision',
    isOfRequest: true,
    contradict: contradictFuture,
  },
  {
    code: 'lease-is-alive',
    text: 'requested lease not found',
    isOfRequest: true,
    contradict: contradictLeaseNotFound,
  },
  {
    code: 'too-large-below-limit',
    text: 'request is too large',
    isOfRequest: true,
    contradict: contradictTooLarge,
  },
  {
    code: 'too-many-operations-below-limit',
    text: 'too many operations in txn request',
    isOfRequest: true,
    contradict: contradictTooMany,
  },
  {
    code: 'space-exceeded-below-quota',
    text: 'database space exceeded',
    isOfRequest: false,
    contradict: contradictSpace,
  },
  {
    code: 'key-is-given',
    text: 'key is not provided',
    isOfRequest: true,
    contradict: contradictNoKey,
  },
  {
    code: 'key-is-not-repeated',
    text: 'duplicate key given in txn request',
    isOfRequest: true,
    contradict: contradictRepeated,
  },
]

/** The kind of a refusal; undefined for any other error, such as a timeout. */
export function refusalOf(error: string | undefined): RefusalKind | undefined {
  return error === undefined ? undefined : kinds.find(({ text }) => error.includes(text))
}
