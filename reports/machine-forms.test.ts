import { expect, test } from 'vitest'
import { sampleRun } from '../harness/run-record/testing/sample-run.ts'
import { renderAnnotations } from './annotations.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTerminal, widthOf } from './terminal.ts'

const outcomes = [
  'held',
  'broken',
  'known-issue',
  'inconclusive',
  'not-run',
  'not-applicable',
] as const
const run = sampleRun(
  outcomes.map((outcome) => ({ id: `suite/${outcome}`, outcome, reason: `because ${outcome}` })),
)

test('JUnit: broken is a failure, inconclusive an error, not run is skipped, the rest passes', () => {
  const xml = renderJunit(run)
  expect(xml).toContain('<testsuites name="gauntlet" tests="6" failures="1" errors="1" skipped="2"')
  expect(caseOf(xml, 'broken')).toContain('<failure message="because broken"')
  expect(caseOf(xml, 'inconclusive')).toContain('<error message="because inconclusive"')
  expect(caseOf(xml, 'not-run')).toContain('<skipped message="not-run: because not-run"/>')
  expect(caseOf(xml, 'not-applicable')).toContain('<skipped')
  expect(caseOf(xml, 'known-issue')).toContain('<system-out>known issue')
  expect(caseOf(xml, 'held')).toMatch(/^<testcase [^>]*\/>$/)
  expect(xml).toContain('<property name="seed" value="7"/>')
  expect(xml).toContain('<property name="etcd.version" value="3.5.16"/>')
})

test('JUnit: a scenario labelled held with an invalid verdict is a failure', () => {
  const verdicts = [{ checker: 'durability', verdict: 'invalid' as const }]
  expect(renderJunit(sampleRun([{ verdicts }]))).toContain('failures="1"')
})

test('Markdown: the verdict comes first, then a row for each scenario, broken ones on top', () => {
  const lines = renderMarkdown(run).split('\n')
  expect(lines[0]).toBe(
    '## ❌ Gauntlet: 1 of 4 scenarios broke a promise or an objective: A killed leader is replaced and nothing acknowledged is lost',
  )
  const rows = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
  expect(rows).toHaveLength(6)
  expect(rows[0]).toContain('❌ broken')
  expect(rows[0]).toContain('1.30 s')
})

test('annotations: broken is an error, inconclusive a warning, a known issue a notice', () => {
  expect(renderAnnotations(run).map((line) => line.replace(/ .*/s, ''))).toEqual([
    '::error',
    '::notice',
    '::warning',
  ])
})

test('the terminal summary fits its width and shows verdict, outcomes and the command', () => {
  for (const width of [60, 80, 100, 160]) {
    const text = renderTerminal(run, { color: true, width })
    expect(text).toContain('BROKEN')
    expect(text).toContain('gauntlet run quorum-loss/leader-killed --seed 7')
    for (const outcome of outcomes.slice(1)) expect(text).toContain(`because ${outcome}`)
    const table = text.split('\n').filter((line) => line.includes('held'))
    for (const line of table) expect(widthOf(line)).toBeLessThanOrEqual(width)
  }
})

test('without colour the summary has no escape codes', () => {
  const text = renderTerminal(run, { color: false, width: 80 })
  expect(text.includes('\u001B')).toBe(false)
  expect(text).toContain('✘ broken')
})

test('the summary of a hundred scenarios fits one screen', () => {
  const many = sampleRun(Array.from({ length: 100 }, (_, index) => ({ id: `suite/${index}` })))
  expect(renderTerminal(many, { color: false, width: 80 }).split('\n').length).toBeLessThan(40)
})

function caseOf(xml: string, outcome: string): string {
  const cases = xml
    .split(/(?=<testcase )/)
    .map((part) => part.replace(/\s*<\/testsuite>[\s\S]*/, ''))
  return cases.find((part) => part.includes(`name="suite/${outcome}:`))?.trim() ?? ''
}
