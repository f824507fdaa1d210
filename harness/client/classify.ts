import { status } from '@grpc/grpc-js'
import type { Outcome } from '../history/operations.ts'
import { noToken } from './login.ts'
import { RequestError } from './request-error.ts'

/** A kind of error that proves that the request had no effect. */
export interface DefiniteFailure {
  readonly code: status
  /** The beginning of its details; absent = any. */
  readonly details?: string
  readonly why: string
}

const neverSent = 'grpc-js had no connection, and did not send the request'
const beforePropose = 'etcd rejects it before it proposes (processInternalRaftRequestOnce)'
const whenReceived = 'etcd rejects the request when it receives it (api/v3rpc/key.go)'
const beforeApply = 'every member rejects the entry before it applies it (authApplierV3)'

/**
 * The whole list: after any other error the request may have had an effect. These are not on it:
 * "database space exceeded" (etcd may have applied the put and then raised NOSPACE), "request timed
 * out", "server stopped", "leader changed" and "no leader" (etcd may have proposed the request),
 * "corrupt cluster", CANCELLED and UNKNOWN.
 */
export const definiteFailures: readonly DefiniteFailure[] = [
  { code: status.UNAVAILABLE, details: 'No connection established', why: neverSent },
  { code: status.UNAVAILABLE, details: 'Name resolution failed', why: neverSent },
  { code: status.UNAVAILABLE, details: 'Channel closed before call started', why: neverSent },
  { code: status.UNAVAILABLE, details: noToken, why: 'the client had no token, and sent nothing' },
  // UNAVAILABLE up to 3.4.
  ...[status.UNAVAILABLE, status.FAILED_PRECONDITION].flatMap((code) => [
    { code, details: 'etcdserver: rpc not supported for learner', why: whenReceived },
    { code, details: 'etcdserver: not capable', why: whenReceived },
  ]),
  {
    code: status.INVALID_ARGUMENT,
    details: 'etcdserver: request is too large',
    why: beforePropose,
  },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: key is not provided', why: whenReceived },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: value is provided', why: whenReceived },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: lease is provided', why: whenReceived },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: too many operations', why: whenReceived },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: duplicate key given', why: whenReceived },
  { code: status.INVALID_ARGUMENT, details: 'etcdserver: user name is empty', why: beforeApply },
  { code: status.RESOURCE_EXHAUSTED, details: 'etcdserver: too many requests', why: beforePropose },
  {
    code: status.RESOURCE_EXHAUSTED,
    details: 'grpc: received message larger than max',
    why: 'the server rejects the request unread; a response that is too large has another message',
  },
  { code: status.PERMISSION_DENIED, details: 'etcdserver: permission denied', why: beforeApply },
  { code: status.UNAUTHENTICATED, details: 'etcdserver: invalid auth token', why: beforePropose },
  {
    code: status.INVALID_ARGUMENT,
    details: 'etcdserver: revision of auth store is old',
    why: beforeApply,
  },
  {
    code: status.OUT_OF_RANGE,
    details: 'etcdserver: mvcc: required revision',
    why: 'only reads (and transactions before their first step) name a revision',
  },
  {
    code: status.NOT_FOUND,
    details: 'etcdserver: requested lease not found',
    why: 'the lease is looked up before the key is written (apply.go, Put)',
  },
  { code: status.UNIMPLEMENTED, why: 'this version has no such method' },
]

/**
 * The outcome of a request that ended with this error: `fail` only when the request certainly had
 * no effect, else `info`. No other place decides it.
 */
export function classify(thrown: unknown): Exclude<Outcome, 'ok'> {
  if (!(thrown instanceof RequestError)) return 'info'
  const definite = definiteFailures.some(
    ({ code, details }) =>
      code === thrown.grpcCode && (details === undefined || thrown.details.startsWith(details)),
  )
  return definite ? 'fail' : 'info'
}
