import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'

/** Scenarios of every other outcome; nothing of them is on disk. */
export const scenariosWithoutHistory: readonly Partial<ScenarioRecord>[] = [
  {
    id: 'conformance/watch-compaction',
    suite: 'conformance',
    title: 'A watch from a compacted revision sees every event since, or an error',
    outcome: 'known-issue',
    reason: 'etcd 18089: fixed in 3.5.16; a deletion is missing on this version, as expected',
    directory: 'scenarios/conformance/watch-compaction',
    measures: { operations: 12 },
    objectives: [],
    verdicts: [{ checker: 'watch-complete', verdict: 'invalid', reason: 'a delete is missing' }],
    durationMs: 900,
    marks: [],
  },
  emptyScenario(
    'quorum-loss/slow-links',
    'not-run',
    'Packet delay needs sch_netem, which this kernel lacks',
  ),
  emptyScenario(
    'quorum-loss/split-of-four',
    'not-applicable',
    'Needs four members, this cluster has three',
  ),
  emptyScenario(
    'snapshot-restore/online',
    'inconclusive',
    'Only 14 operations before the fault, expected 200',
  ),
]

function emptyScenario(
  id: string,
  outcome: ScenarioRecord['outcome'],
  reason: string,
): Partial<ScenarioRecord> {
  const suite = id.split('/')[0] ?? id
  const title = `Title of ${id.replace('/', ', ').replaceAll('-', ' ')}`
  const none = { measures: {}, objectives: [], verdicts: [], marks: [], members: [], durationMs: 0 }
  return { id, suite, title, outcome, reason, ...none, directory: `scenarios/${id}` }
}
