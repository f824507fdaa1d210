import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRun } from '../harness/run-record/run-directory.ts'
import type { RunRecord } from '../harness/run-record/run-record.ts'
import { isSkipped } from '../harness/run-record/verdict.ts'
import { renderReportPage } from './html/page.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { type ScenarioView, viewScenario } from './model/scenario-view.ts'

export interface RenderedRun {
  readonly indexHtml: string
  readonly junitXml: string
  readonly summaryMd: string
}

/** Bounds the page to some 2 MB: six bytes a dot, over all scenarios. */
const dotsPerRun = 160_000
const dotsPerScenario = 20_000

/**
 * Renders a run directory as texts, from nothing but what lies in it. Throws an InputError for a
 * record that cannot be read; the page says when a history is missing or damaged.
 */
export async function renderRun(directory: string): Promise<RenderedRun> {
  const record = readRun(directory)
  return {
    indexHtml: renderReportPage(record, await viewAll(directory, record)),
    junitXml: renderJunit(record),
    summaryMd: renderMarkdown(record),
  }
}

/** Writes index.html, junit.xml and summary.md into the run directory; returns their paths. */
export async function writeReport(directory: string): Promise<RenderedRun> {
  const texts = await renderRun(directory)
  const paths = {
    indexHtml: join(directory, 'index.html'),
    junitXml: join(directory, 'junit.xml'),
    summaryMd: join(directory, 'summary.md'),
  }
  await writeFile(paths.indexHtml, texts.indexHtml)
  await writeFile(paths.junitXml, texts.junitXml)
  await writeFile(paths.summaryMd, texts.summaryMd)
  return paths
}

/** Sequential: reading a long history takes memory. */
async function viewAll(directory: string, record: RunRecord): Promise<ScenarioView[]> {
  const drawn = record.scenarios.filter(({ outcome }) => !isSkipped(outcome)).length
  const dots = Math.min(dotsPerScenario, Math.floor(dotsPerRun / Math.max(drawn, 1)))
  const views: ScenarioView[] = []
  for (const scenario of record.scenarios) views.push(await viewScenario(directory, scenario, dots))
  return views
}
