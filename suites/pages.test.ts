import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scenariosOf, suiteNames } from '../harness/cli/run/suites.ts'

// The first import of a suite takes long on a busy machine.

/** Suites whose scenarios are on another page than `suites/<suite>.md`. */
const otherPages: Readonly<Record<string, string>> = {
  'track-record': 'TRACK_RECORD.md',
  workloads: 'suites/chaos.md',
}
const shortId = /^[a-z0-9]+(-[a-z0-9]+)*$/

test.each(suiteNames())('the page of %s names each of its scenarios', async (suite) => {
  const text = pageOf(suite)
  const ids = (await scenariosOf(suite)).map(({ id }) => id)
  expect(ids.filter((id) => !names(text, id))).toEqual([])
})

test.each(suiteNames())('each scenario that the page of %s names exists', async (suite) => {
  const scenarios = await scenariosOf(suite)
  const known = scenarios.map(({ id }) => id.slice(suite.length + 1))
  const named = scenarioColumns(pageOf(suite)).filter((code) => shortId.test(code))
  expect(named.filter((code) => !known.includes(code))).toEqual([])
  const former = scenarios.flatMap(({ formerIds = [] }) => formerIds)
  expect(former.filter((id) => names(pageOf(suite), id))).toEqual([])
})

function pageOf(suite: string): string {
  const page = otherPages[suite] ?? `suites/${suite}.md`
  return readFileSync(join(import.meta.dirname, '../docs', page), 'utf8')
}

/** By its whole id, or by what follows the suite's name. */
function names(text: string, id: string): boolean {
  return text.includes(`\`${id}\``) || text.includes(`\`${id.replace(/^[^/]*\//, '')}\``)
}

/** What stands in backticks in the last column of each table that has scenarios there. */
function scenarioColumns(text: string): string[] {
  const tables = text.split(/\n(?!\|)/).map((block) => block.split('\n').map(lastCell))
  const columns = tables.filter((cells) => cells.some((cell) => /^scenario\b/.test(cell)))
  return columns
    .flat()
    .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ''))
}

function lastCell(row: string): string {
  return (
    row
      .replace(/\|\s*$/, '')
      .split('|')
      .at(-1) ?? ''
  ).trim()
}
