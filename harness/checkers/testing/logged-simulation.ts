import type { LoggedEntry, LoggedRequest, WalLog } from '../../history/logs/wal.ts'
import { type History, isOperation } from '../../history/operations.ts'
import type { CheckInput, FinalState } from '../checker.ts'
import { loggedFormOf } from '../write-ahead-log/logged-form.ts'
import { type EtcdSimulation, type SimulatedEnd, simulateEtcdToEnd } from './etcd-simulator.ts'

export const memberNames = ['m1', 'm2', 'm3']

/** A simulated history with the logs that three members of a correct etcd hold at its end. */
export function simulateWithLogs(
  simulation: EtcdSimulation,
): CheckInput & { readonly wal: WalLog } {
  const end = simulateEtcdToEnd(simulation)
  const requests = end.executed.flatMap((request) => loggedFormOf(request) ?? [])
  return { history: withFreshProcesses(end.history), final: finalOf(end), wal: logsOf(requests) }
}

/** As Gauntlet's clients: after an unknown outcome the next request is another process's. */
function withFreshProcesses({ header, events }: History): History {
  let fresh = 1_000
  const numbers = new Map<number, number>()
  const numbered = events.map((event) => {
    if (!isOperation(event)) return event
    const process = numbers.get(event.process) ?? event.process
    if (event.type === 'info') numbers.set(event.process, fresh++)
    return { ...event, process }
  })
  return { header, events: numbered }
}

function finalOf({ store }: SimulatedEnd): FinalState {
  const keys = Object.fromEntries(
    [...store.kvs].map(([key, { value, mod }]) => [key, { value, modRevision: mod }]),
  )
  const { revision } = store
  return {
    members: memberNames.map((member) => ({
      member,
      revision,
      keys,
      hash: 1,
      hashRevision: revision,
    })),
  }
}

/** The logs of members that hold the same: of a new cluster, these requests, all committed. */
export function logsOf(requests: readonly LoggedRequest[], members = memberNames): WalLog {
  const first = [...members.map(() => 'membership' as const), 'empty' as const]
  const entries = [...first.map((kind) => ({ kind })), ...requests].map(
    (request, at): LoggedEntry => ({
      type: 'entry',
      index: at + 1,
      term: 2,
      id: `${at + 1}`,
      request,
    }),
  )
  return {
    header: { format: 'gauntlet-wal/1' },
    entries: [
      ...members.map((member, at) => ({
        type: 'member' as const,
        member,
        nodeId: `${at + 101}`,
        clusterId: '7',
        term: 2,
        commit: entries.length,
        spans: [[2, 1, entries.length] as [number, number, number]],
        snapshots: [[0, 0] as [number, number]],
      })),
      ...entries,
    ],
  }
}
