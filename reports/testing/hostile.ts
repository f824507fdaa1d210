import type { HistoryEvent } from '../../harness/history/operations.ts'
import { writeRun } from '../../harness/run-record/run-directory.ts'
import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { writeEvidence } from './evidence.ts'
import { writeFixtureRun } from './run-fixture.ts'

/**
 * Markup, script, line separators, control characters, and what Markdown, XML, a terminal and a
 * workflow log take as commands. `tag` tells where one came from.
 */
export function hostile(tag: string): string {
  return (
    `<img src=x onerror=pwned('${tag}')></script><script>pwned('${tag}')</script>` +
    `"'\`|*[x](javascript:pwned())\u2028\u2029\u0000\u001b[31m\u202e\uFFFE]]>&lt;\n::error::${tag}`
  )
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
        reason: hostile('reason'),
        reproduce: hostile('reproduce'),
        members: [{ name: hostile('member'), architecture: 'amd64' }, ...cut.members],
        measures: { ...cut.measures, [hostile('measure')]: 1 },
        verdicts: [
          {
            checker: hostile('checker'),
            verdict: 'invalid',
            reason: hostile('verdict'),
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

function hostileEvents(): HistoryEvent[] {
  const at = (ms: number) => ms * 1e6
  const common = { key: hostile('key'), member: hostile('event member') }
  return [
    {
      type: 'invoke',
      process: 0,
      f: hostile('f'),
      ...common,
      value: hostile('value'),
      timeNs: at(1),
    },
    { type: 'ok', process: 0, f: hostile('f'), ...common, timeNs: at(3) },
    { type: 'invoke', process: 1, f: 'get', ...common, timeNs: at(5) },
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
      f: 'get',
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
        expected: hostile('proof expected'),
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
