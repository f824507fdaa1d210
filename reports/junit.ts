import type { RunRecord, ScenarioRecord } from '../harness/run-record/run-record.ts'
import { outcomeOf } from '../harness/run-record/verdict.ts'
import { toVisible } from './text.ts'

/**
 * A testcase a scenario: broken = failure, inconclusive = error, not run and not applicable =
 * skipped; a known issue passes, with a line in system-out.
 */
export function renderJunit(record: RunRecord): string {
  const suites = [...new Set(record.scenarios.map(({ suite }) => suite))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gauntlet" ${totals(record.scenarios)}>`,
    ...suites.flatMap((suite) => suiteLines(record, suite)),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteLines(record: RunRecord, suite: string): string[] {
  const scenarios = record.scenarios.filter((scenario) => scenario.suite === suite)
  const { seed, etcd, id, command } = record
  const properties = {
    run: id,
    seed,
    command,
    'etcd.version': etcd.version,
    'etcd.image': etcd.image,
    'etcd.architecture': etcd.architecture,
    'etcd.emulated': etcd.emulated,
  }
  return [
    `  <testsuite name="${escapeXml(suite)}" timestamp="${escapeXml(record.startedAt)}" ${totals(scenarios)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property name="${name}" value="${escapeXml(String(value))}"/>`,
    ),
    '    </properties>',
    ...scenarios.flatMap(caseLines),
    '  </testsuite>',
  ]
}

function caseLines(scenario: ScenarioRecord): string[] {
  const { id, suite, title, durationMs } = scenario
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(`${id}: ${title}`)}" time="${(durationMs / 1_000).toFixed(3)}"`
  const inner = resultOf(scenario)
  return inner === '' ? [`${head}/>`] : [`${head}>`, `      ${inner}`, '    </testcase>']
}

function resultOf(scenario: ScenarioRecord): string {
  const reason = escapeXml(scenario.reason)
  const outcome = outcomeOf(scenario)
  const detail = escapeXml(
    [
      ...scenario.verdicts
        .filter(({ verdict }) => verdict !== 'valid')
        .map((verdict) => `${verdict.checker}: ${verdict.verdict}. ${verdict.reason ?? ''}`),
      `Run it again: ${scenario.reproduce}`,
    ].join('\n'),
  )
  if (outcome === 'broken') return `<failure message="${reason}" type="broken">${detail}</failure>`
  if (outcome === 'inconclusive') {
    return `<error message="${reason}" type="inconclusive">${detail}</error>`
  }
  if (outcome === 'known-issue') return `<system-out>known issue: ${reason}</system-out>`
  return outcome === 'held' ? '' : `<skipped message="${outcome}: ${reason}"/>`
}

function totals(scenarios: readonly ScenarioRecord[]): string {
  const count = (...outcomes: string[]) =>
    scenarios.filter((scenario) => outcomes.includes(outcomeOf(scenario))).length
  const seconds = scenarios.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000
  return `tests="${scenarios.length}" failures="${count('broken')}" errors="${count('inconclusive')}" skipped="${count('not-run', 'not-applicable')}" time="${seconds.toFixed(3)}"`
}

/** XML 1.0 has no way at all to write most control characters or half a surrogate pair. */
function escapeXml(text: string): string {
  const legal = toVisible(text)
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
  return legal.replaceAll(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
