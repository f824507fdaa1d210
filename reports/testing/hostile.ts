import type { HistoryEvent } from '../../harness/history/operations.ts'
import { writeRun } from '../../harness/run-record/run-directory.ts'
import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { writeEvidence } from './evidence.ts'
import { writeFixtureRun } from './run-fixture.ts'

/**
 * Markup, script, line separators, control characters, letters and marks that read from right to
 * left, and what Markdown, XML, a terminal and a workflow log take as commands. `tag` tells where
 * one came from.
 */
export function hostile(tag: string): string {
  return (
    `\u05d0\u05d1<img src=x onerror=pwned('${tag}')></script><script>pwned('${tag}')</script>` +
    `"'\`|*[x](javascript:pwned())\u2028\u2029\u0000\u001b[31m\u202e\u200f\u061c\uFFFE]]>&lt;\n::error::${tag}\u05d0\u05d1`
  )
}

/** Three million characters that begin with a hostile text. */
function endless(tag: string): string {
  return hostile(tag) + 'x'.repeat(3_000_000)
}

/** What users chose, of a violation: its key has a million characters. */
export const hostileTexts = {
  key: hostile('key') + 'x'.repeat(1_000_000),
  value: hostile('value'),
  members: ['m1', 'm2', 'm3'].map(hostile),
}

/** A run in which every text from a cluster or a user is hostile. */
export function writeHostileRun(directory: string): RunRecord {
  const base = writeFixtureRun(directory)
  const [killed, cut, ...rest] = base.scenarios
  if (killed === undefined || cut === undefined) throw new RangeError('Expected two scenarios')
  const fault = {
    name: 'kill',
    effect: 'stops',
    target: 'm1',
    fromS: 1,
    toS: 2,
    outageS: 0.5,
  } as const
  const events = hostileEvents()
  writeEvidence(directory, 'quorum-loss/leader-cut-off', events, fault)
  const record: RunRecord = {
    ...base,
    id: hostile('run id'),
    command: hostile('command'),
    errors: [hostile('error')],
    etcd: {
      ...base.etcd,
      version: hostile('version'),
      image: hostile('image'),
      imageDigest: hostile('digest'),
    },
    spec: {
      ...base.spec,
      name: hostile('cluster'),
      options: { [hostile('option')]: hostile('option value') },
    },
    machine: { ...base.machine, kernel: hostile('kernel'), engine: hostile('engine') },
    capabilities: [
      {
        name: hostile('capability'),
        available: false,
        detail: hostile('detail'),
        lost: hostile('lost'),
        remedy: hostile('remedy'),
      },
    ],
    scenarios: [
      killed,
      {
        ...cut,
        id: hostile('id'),
        suite: hostile('suite'),
        title: hostile('title'),
        reason: endless('reason'),
        reproduce: hostile('reproduce'),
        members: [{ name: hostile('member'), architecture: 'amd64' }, ...cut.members],
        measures: { ...cut.measures, [hostile('measure')]: 1 },
        verdicts: [
          {
            checker: hostile('checker'),
            verdict: 'invalid',
            reason: endless('verdict'),
            evidence: {
              culprit: 2,
              involved: [0, 2],
              expected: hostile('expected'),
              found: hostile('found'),
            },
          },
        ],
        ...skipped,
        marks: [
          { timeNs: 1e8, kind: 'leader', member: hostile('mark member'), text: hostile('mark') },
          { timeNs: 2e8, kind: 'note', text: hostile('note') },
        ],
      },
      ...rest,
    ],
  }
  writeRun({ path: directory }, record)
  return record
}

const skipped = { skippedCheckers: { [hostile('skipped checker')]: hostile('skip reason') } }

/** Without isolation the second word is shown left of the first one. */
const fromRightToLeft = { f: '\u05d2\u05d3', value: '\u05d4\u05d5' }

function hostileEvents(): HistoryEvent[] {
  const at = (ms: number) => ms * 1e6
  const common = { key: endless('key'), member: hostile('event member') }
  return [
    {
      type: 'invoke',
      process: 0,
      f: hostile('f'),
      ...common,
      value: endless('value'),
      timeNs: at(1),
    },
    { type: 'ok', process: 0, f: hostile('f'), ...common, error: endless('answer'), timeNs: at(3) },
    { type: 'invoke', process: 1, ...fromRightToLeft, ...common, timeNs: at(5) },
    {
      type: 'fault',
      name: hostile('fault'),
      phase: 'begin',
      targets: [hostile('target')],
      timeNs: at(6),
    },
    {
      type: 'info',
      process: 1,
      f: fromRightToLeft.f,
      ...common,
      error: hostile('operation error'),
      timeNs: at(9),
    },
    {
      type: 'fault',
      name: hostile('fault'),
      phase: 'end',
      targets: [hostile('target')],
      timeNs: at(10),
      proof: {
        observed: false,
        expected: endless('proof expected'),
        measured: [
          {
            at: hostile('proof at'),
            what: hostile('proof what'),
            before: hostile('proof before'),
            now: hostile('proof now'),
          },
        ],
      },
    },
  ]
}
