import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HistoryEvent } from '../../harness/history/operations.ts'
import type { SimulatedFault } from './simulated-drill.ts'

export const members = ['m1', 'm2', 'm3']
export const clockStartedAt = '2026-01-31T11:45:03.000Z'

/** history.jsonl and one log a member, in etcd's own form. */
export function writeEvidence(
  directory: string,
  id: string,
  events: readonly HistoryEvent[],
  fault: SimulatedFault,
): void {
  const path = join(directory, 'scenarios', id)
  mkdirSync(join(path, 'members'), { recursive: true })
  const header = { format: 'gauntlet-history/1', model: 'etcd', seed: 7 }
  const lines = [header, ...events].map((line) => JSON.stringify(line))
  writeFileSync(join(path, 'history.jsonl'), `${lines.join('\n')}\n`)
  for (const member of members) {
    writeFileSync(join(path, 'members', `${member}.log`), logOf(member, fault))
  }
}

function logOf(member: string, fault: SimulatedFault): string {
  const line = (atS: number, level: string, msg: string, fields: object = {}) => {
    const ts = new Date(Date.parse(clockStartedAt) + atS * 1_000).toISOString()
    return JSON.stringify({ level, ts, caller: 'etcdserver/raft.go:1', msg, ...fields })
  }
  const { fromS, outageS, toS, target } = fault
  const script = line(
    fromS,
    'error',
    '<script>pwned(1)</script>\u001b[31m<img src=x onerror=pwned(2)>',
  )
  const chatter = Array.from({ length: 90 }, (_, index) =>
    line(fromS - 0.9 + index / 12, 'info', 'apply request', { took: `${index % 7}ms` }),
  )
  const aboutFault =
    member === target
      ? [line(toS + 0.3, 'info', 'raft.node: m1 elected leader m2 at term 3')]
      : [
          line(fromS + 0.4, 'warn', 'lost the TCP streaming connection with remote peer', {
            'remote-peer-id': '8e9e05c52164694d',
          }),
          line(fromS + outageS - 0.1, 'info', 'm2 became leader at term 3', { term: 3 }),
          line(fromS + outageS, 'error', 'failed to publish local member to cluster'),
        ]
  return `${[...chatter, ...aboutFault, script].sort(byTime).join('\n')}\n`
}

function byTime(one: string, other: string): number {
  const at = (line: string) => Date.parse(JSON.parse(line).ts)
  return at(one) - at(other)
}
