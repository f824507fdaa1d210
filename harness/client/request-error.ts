import { type ServiceError, status } from '@grpc/grpc-js'
import { exitCodes, GauntletError, messageOf } from '../core/errors.ts'

/** A request whose answer was an error, or that had no answer. `grpcCode` is gRPC's number. */
export class RequestError extends GauntletError {
  readonly grpcCode: number
  /** The server's text, or the client library's without an answer. */
  readonly details: string

  constructor(thrown: unknown, place: { member: string; method: string }) {
    const { code = status.UNKNOWN, details = messageOf(thrown) } = thrown as Partial<ServiceError>
    const name = status[code] ?? String(code)
    super(`${place.method} at ${place.member}: ${name}: ${details}`.replaceAll(/\s*\n\s*/g, ' '), {
      code: 'REQUEST',
      exitCode: exitCodes.inconclusive,
      fields: { ...place, grpcCode: code, details },
      cause: thrown,
    })
    this.grpcCode = code
    this.details = details
  }
}

const answers: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.RESOURCE_EXHAUSTED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNIMPLEMENTED,
  status.UNAUTHENTICATED,
])

/** Whether the member itself rejected the request. Other errors may come from the network. */
export function isServerRejection(thrown: unknown): thrown is RequestError {
  return thrown instanceof RequestError && answers.has(thrown.grpcCode)
}
