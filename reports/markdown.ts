import type {
  RunRecord,
  ScenarioOutcome,
  ScenarioRecord,
} from '../harness/run-record/run-record.ts'
import { outcomeOf } from '../harness/run-record/verdict.ts'
import { outcomeNames, outcomeOrder } from './html/badges.ts'
import { formatQuantity } from './model/format.ts'
import { headlineOf } from './model/headline.ts'
import { formatOutage } from './model/outages.ts'
import { toOneLine } from './text.ts'

const marks: Readonly<Record<ScenarioOutcome, string>> = {
  held: '✅',
  broken: '❌',
  'known-issue': '🔷',
  inconclusive: '❓',
  'not-run': '⚪',
  'not-applicable': '➖',
}

/** For a job's summary: GitHub-flavoured, everything from a cluster or a user escaped. */
export function renderMarkdown(record: RunRecord): string {
  const { sentence, outcome, losses } = headlineOf(record)
  const { etcd, spec, seed } = record
  const emulated = etcd.emulated ? ' (emulated)' : ''
  const rows = [...record.scenarios].sort(
    (one, other) => outcomeOrder.indexOf(outcomeOf(one)) - outcomeOrder.indexOf(outcomeOf(other)),
  )
  return [
    `## ${marks[outcome]} Gauntlet: ${escapeMarkdown(sentence)}`,
    '',
    `etcd ${escapeMarkdown(etcd.version)} on ${etcd.architecture}${emulated}, ${spec.members.length} members, seed ${seed}`,
    '',
    ...losses.flatMap((loss) => [`**${escapeMarkdown(loss)}.**`, '']),
    '| | Scenario | Write outage | Read outage | Lost | Unknown | Reason |',
    '|---|---|---:|---:|---:|---:|---|',
    ...rows.map(rowOf),
    '',
    ...gaps(record),
    'Run it again:',
    '',
    `    ${toOneLine(record.command)}`,
    '',
  ].join('\n')
}

function rowOf(scenario: ScenarioRecord): string {
  const { measures, title, reason } = scenario
  const outcome = outcomeOf(scenario)
  const cells = [
    `${marks[outcome]} ${outcomeNames[outcome]}`,
    escapeMarkdown(title),
    formatOutage(scenario, 'writes'),
    formatOutage(scenario, 'reads'),
    formatQuantity(measures.acknowledgedLost),
    formatQuantity(measures.unknownOutcomes),
    outcome === 'held' ? '' : escapeMarkdown(reason),
  ]
  return `| ${cells.join(' | ')} |`
}

function gaps(record: RunRecord): string[] {
  const missing = record.capabilities.filter(({ available }) => !available)
  const lines = [
    ...(record.errors ?? []).map((error) => `- Error: ${escapeMarkdown(error)}`),
    ...missing.map(
      ({ name, lost, detail }) =>
        `- ${escapeMarkdown(lost ?? name)}: no ${escapeMarkdown(name)} (${escapeMarkdown(detail)})`,
    ),
  ]
  return lines.length === 0 ? [] : ['### Not covered', '', ...lines, '']
}

/** As entities, which work inside tables too, where a backslash does not always. */
function escapeMarkdown(text: string): string {
  return toOneLine(text, 300).replaceAll(
    /[&<>|`*_~[\]\\#@!$]|:(?=\/\/)/g,
    (character) => `&#${character.charCodeAt(0)};`,
  )
}
