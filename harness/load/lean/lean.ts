import type { Generator, MeasuredLoad } from '../generator.ts'
import { startPacer } from '../pacer.ts'
import { startTally } from '../tally.ts'
import { openChannels } from './channels.ts'
import { runLeaseKeepalives } from './lease-clients.ts'
import { prepareKeys } from './prepare-keys.ts'
import { runRequests } from './request-clients.ts'
import { requestMethods } from './requests.ts'
import type { Run } from './run.ts'
import { runWatch } from './watch-clients.ts'

/** What an operation created besides what the tally counts. */
type Revisions = MeasuredLoad['revisions']

/**
 * gRPC on hand-framed HTTP/2: costs a tenth of what client libraries do, so that the members have the
 * machine. A request that a server certainly did not handle, as it said in a GOAWAY, goes over the
 * next connection; no other is sent twice.
 */
export const leanGenerator: Generator = {
  name: 'lean',
  run: async (load, signal) => {
    using channels = openChannels(load)
    const created = await prepareKeys(load, channels)
    const tally = startTally(load, signal)
    const pacer = startPacer(load, tally.goesOn)
    const revisions = await operate({ load, channels, tally, pacer })
    const { operation, clients } = load
    const counted = tally.finish()
    return {
      ...counted,
      operation,
      clients,
      members: channels.members,
      notStarted: pacer.notStarted(tally.endMs()),
      revisions: plus(revisions(counted.revisions), created),
    }
  },
}

/** Runs the clients; returns how many revisions they created, given how many requests were counted. */
async function operate(run: Run): Promise<(counted: Revisions) => Revisions> {
  const { operation } = run.load
  if (operation === 'lease-keepalive') {
    await runLeaseKeepalives(run)
    return () => none
  }
  if (operation === 'watch') {
    const puts = await runWatch(run)
    return () => puts
  }
  const method = requestMethods[operation]
  await runRequests(run, method)
  return (counted) => (method.revisions === 1 ? counted : none)
}

const none: Revisions = { atLeast: 0, atMost: 0 }

const plus = ({ atLeast, atMost }: Revisions, more: number): Revisions => ({
  atLeast: atLeast + more,
  atMost: atMost + more,
})
