import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { formatInstant } from '../model/format.ts'
import type { ScenarioView } from '../model/scenario-view.ts'
import { renderIconDefinitions } from './badges.ts'
import { clientScript } from './client-script.ts'
import { type Html, html, trustHtml } from './html.ts'
import { renderNotCovered } from './not-covered.ts'
import { renderFacts, renderHero } from './overview.ts'
import { renderScenario } from './scenario/scenario.ts'
import { baseStyle } from './style/base.ts'
import { scenarioStyle } from './style/scenario.ts'
import { tableStyle } from './style/table.ts'
import { renderScenarioTable } from './table.ts'

/**
 * The whole report as one file. Its policy allows only our own script and no request: a text that
 * escapes our escaping stays inert.
 */
export function renderReportPage(record: RunRecord, views: readonly ScenarioView[]): string {
  const { etcd, spec } = record
  return renderPage({
    title: `Gauntlet: etcd ${etcd.version}, ${formatInstant(record.startedAt)}`,
    script: `${readLibrary('uplot/dist/uPlot.iife.min.js')}\n${clientScript()}`,
    styles: `${readLibrary('uplot/dist/uPlot.min.css')}${baseStyle}${tableStyle}${scenarioStyle}`,
    body: html`<header class="top"><b>Gauntlet</b><span>etcd ${etcd.version}, ${etcd.architecture}${etcd.emulated && ' (emulated)'}</span><span>${spec.name}</span><span>${formatInstant(record.startedAt)}</span></header>
<main id="main"><div class="overview">${renderHero(record)}
${renderScenarioTable(record)}
<div class="columns">${renderFacts(record)}${renderNotCovered(record)}</div></div>
${views.map(renderScenario)}</main>`,
  })
}

/** A document of one style sheet and one script, which its policy names by its digest. */
export function renderPage(parts: {
  readonly title: string
  readonly styles: string
  readonly script: string
  readonly body: Html
}): string {
  const script = parts.script.replaceAll('</script', '<\\/script')
  const digest = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>\n${
    html`<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${parts.title}</title><style>${trustHtml(parts.styles)}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>${renderIconDefinitions()}
${parts.body}
<script>${trustHtml(script)}</script></body></html>`.text
  }\n`
}

function readLibrary(name: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8')
}
