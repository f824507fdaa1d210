import { join } from 'node:path'
import type { HistoryEvent } from '../../harness/history/operations.ts'
import { writeRun } from '../../harness/run-record/run-directory.ts'
import type { RunRecord, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { sampleRun } from '../../harness/run-record/testing/sample-run.ts'
import { clockStartedAt, members, writeEvidence } from './evidence.ts'
import { missedEventVerdict, writeMissedEvent } from './missed-event.ts'
import { scenariosWithoutHistory } from './scenarios-without-history.ts'
import { type SimulatedFault, simulateDrill } from './simulated-drill.ts'
import { withStaleRead } from './stale-read.ts'

/** Three members, one leader killed for five seconds, writes out for 1.3 s. */
const leaderKilled: SimulatedFault = {
  name: 'kill',
  effect: 'stops',
  target: 'm1',
  fromS: 6,
  toS: 11,
  outageS: 1.3,
  proof: {
    observed: true,
    expected: 'no process, or another one than before',
    measured: [{ at: 'm1', what: 'process', before: '4711', now: null }],
  },
}
const leaderCutOff: SimulatedFault = {
  name: 'partition',
  effect: 'cuts',
  target: 'm1',
  fromS: 5,
  toS: 12,
  outageS: 1.62,
  proof: {
    observed: false,
    expected: 'no packet from m1 to the others',
    measured: ['m2', 'm3'].map((at) => ({ at, what: 'packets from m1', before: 0, now: 12 })),
  },
}

const skipped = { skippedCheckers: { logs: 'the scenario expects the member to panic' } }

/** Writes a run directory as a run would leave it; returns its record. */
export function writeFixtureRun(
  directory: string,
  options: { readonly ratePerS?: number; readonly id?: string; readonly held?: boolean } = {},
): RunRecord {
  const ratePerS = options.ratePerS ?? 150
  const killed = drill(leaderKilled, ratePerS)
  const cut = withStaleRead(drill(leaderCutOff, ratePerS), 6.9)
  const drilled = [
    scenario({ id: 'quorum-loss/leader-killed', fault: leaderKilled, events: killed }),
    options.held === true
      ? {}
      : {
          ...scenario({
            id: 'quorum-loss/leader-cut-off',
            fault: leaderCutOff,
            events: cut.events,
          }),
          title: 'A leader cut off alone serves no stale reads and the majority goes on',
          outcome: 'broken' as const,
          reason: `linearizable is invalid: ${cut.verdict.reason}`,
          verdicts: [
            { checker: 'durability', verdict: 'valid' as const },
            cut.verdict,
            missedEventVerdict,
          ],
        },
  ].filter((entry): entry is Partial<ScenarioRecord> & { id: string } => 'id' in entry)
  const base = sampleRun([...drilled, ...(options.held === true ? [] : scenariosWithoutHistory)])
  const spec = {
    ...base.spec,
    members: members.map((name) => ({ name, architecture: 'amd64' as const })),
  }
  const record: RunRecord = { ...base, id: options.id ?? base.id, spec }
  writeRun({ path: directory }, record)
  writeEvidence(directory, 'quorum-loss/leader-killed', killed, leaderKilled)
  if (options.held !== true) {
    writeEvidence(directory, 'quorum-loss/leader-cut-off', cut.events, leaderCutOff)
    writeMissedEvent(join(directory, 'scenarios/quorum-loss/leader-cut-off'))
  }
  return record
}

function drill(fault: SimulatedFault, ratePerS: number): HistoryEvent[] {
  return simulateDrill({ seed: 7, members, lengthS: 16, ratePerS, fault })
}

function scenario(parts: {
  readonly id: string
  readonly fault: SimulatedFault
  readonly events: readonly HistoryEvent[]
}): Partial<ScenarioRecord> & { id: string } {
  const { id, fault, events } = parts
  const outageMs = Math.round(fault.outageS * 1_000)
  const unknown = events.filter(({ type }) => type === 'info').length
  return {
    id,
    suite: id.split('/')[0] ?? id,
    clockStartedAt,
    durationMs: 21_400,
    members: members.map((name) => ({ name, architecture: 'amd64' })),
    measures: {
      writeOutageMs: outageMs,
      readOutageMs: outageMs - 40,
      acknowledgedLost: 0,
      unknownOutcomes: unknown,
      operations: events.filter(({ type }) => type === 'invoke').length,
      elections: 1,
      ratePerS: 150,
      termChanges: 1,
    },
    objectives: [
      { measure: 'writeOutageMs', atMost: 3_000, measured: outageMs, met: true },
      { measure: 'readOutageMs', atMost: 3_000, measured: outageMs - 40, met: true },
    ],
    verdicts: ['linearizable', 'durability', 'members-agree'].map((checker) => ({
      checker,
      verdict: 'valid',
      operations: Math.floor(events.length / 2),
    })),
    ...skipped,
    marks: marksOf(fault),
    directory: `scenarios/${id}`,
    reproduce: `npm run -s gauntlet -- run ${id} --seed 7`,
  }
}

function marksOf({ effect, target, fromS, toS, outageS }: SimulatedFault): ScenarioRecord['marks'] {
  const at = (seconds: number) => Math.round(seconds * 1e9)
  const kills = effect === 'stops'
  return [
    { timeNs: at(0.1), kind: 'leader', member: target, text: `${target} leads in term 2` },
    { timeNs: at(1), kind: 'steady', text: 'steady before the fault' },
    ...(kills
      ? [{ timeNs: at(fromS), kind: 'member-down' as const, member: target, text: 'killed' }]
      : []),
    { timeNs: at(fromS), kind: 'outage-begin', of: 'writes', text: 'writes out' },
    { timeNs: at(fromS + 0.02), kind: 'outage-begin', of: 'reads', text: 'reads out' },
    { timeNs: at(fromS + outageS - 0.1), kind: 'leader', member: 'm2', text: 'm2 leads in term 3' },
    { timeNs: at(fromS + outageS), kind: 'outage-end', of: 'writes', text: 'writes back' },
    { timeNs: at(fromS + outageS - 0.02), kind: 'outage-end', of: 'reads', text: 'reads back' },
    ...(kills
      ? [{ timeNs: at(toS), kind: 'member-up' as const, member: target, text: 'started' }]
      : []),
    { timeNs: at(toS + 1.2), kind: 'healed', text: 'all members healthy' },
  ]
}
