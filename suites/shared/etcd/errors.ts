import { etcd } from '../../../harness/index.ts'

/** An error of etcd as its clients receive it. */
export interface EtcdError {
  /** gRPC's codes; some differ by version. */
  readonly codes: readonly number[]
  /** Part of its details, the same in every version. */
  readonly details: string
}

const unknown = 2
const invalidArgument = 3
const permissionDenied = 7
const resourceExhausted = 8
const failedPrecondition = 9
const outOfRange = 11
const unavailable = 14
const dataLoss = 15

/** From api/v3rpc/rpctypes/error.go, and how api/v3rpc/util.go maps to them. */
export const etcdErrors = {
  compacted: { codes: [outOfRange], details: 'has been compacted' },
  corruptCluster: { codes: [dataLoss], details: 'corrupt cluster' },
  learnerNotReady: { codes: [failedPrecondition], details: 'in sync with leader' },
  memberNotLearner: { codes: [failedPrecondition], details: 'can only promote a learner member' },
  messageTooLarge: { codes: [resourceExhausted], details: 'received message larger than max' },
  /** The server maps it to an error without a gRPC code, which becomes UNKNOWN. */
  notEnoughStarted: {
    codes: [failedPrecondition, unknown],
    details: 'not enough started members',
  },
  /** UNAVAILABLE up to 3.4. */
  notForLearners: {
    codes: [failedPrecondition, unavailable],
    details: 'rpc not supported for learner',
  },
  permissionDenied: { codes: [permissionDenied], details: 'permission denied' },
  requestTooLarge: { codes: [invalidArgument], details: 'request is too large' },
  spaceExceeded: { codes: [resourceExhausted], details: 'space exceeded' },
  tooManyOperations: { codes: [invalidArgument], details: 'too many operations' },
  unhealthyCluster: { codes: [unavailable], details: 'unhealthy cluster' },
  userNameEmpty: { codes: [invalidArgument], details: 'user name is empty' },
  /** The same for a wrong name and a wrong password. */
  wrongPassword: { codes: [invalidArgument], details: 'authentication failed' },
} as const satisfies Record<string, EtcdError>

/** Whether a request ended with one of these errors. */
export function isError(thrown: unknown, ...errors: readonly EtcdError[]): boolean {
  if (!(thrown instanceof etcd.RequestError)) return false
  const { grpcCode, details } = thrown
  return errors.some((error) => error.codes.includes(grpcCode) && details.includes(error.details))
}
