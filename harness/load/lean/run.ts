import { status } from '@grpc/grpc-js'
import { classify } from '../../client/classify.ts'
import { RequestError } from '../../client/request-error.ts'
import type { Load } from '../generator.ts'
import type { CallEnd } from '../http2/call.ts'
import type { Pacer } from '../pacer.ts'
import { kindOf, type Tally } from '../tally.ts'
import type { Channels } from './channels.ts'

/** What the clients of one run share. */
export interface Run {
  readonly load: Load
  readonly channels: Channels
  readonly tally: Tally
  readonly pacer: Pacer
}

/** Every client, until all have ended. */
export async function runClients(count: number, run: (client: number) => Promise<void>) {
  await Promise.all(Array.from({ length: count }, (_, client) => run(client)))
}

/** Counts an error by its kind, and by whether the request certainly had no effect. */
export function countFailure(tally: Tally, end: CallEnd, path: string): void {
  const name = status[end.code] ?? String(end.code)
  const error = new RequestError(end, { member: '', method: path })
  tally.failed(kindOf(`${name}: ${end.details}`), classify(error))
}
