import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { instant } from '../model/format.ts'
import type { ScenarioView } from '../model/scenario-view.ts'
import { iconDefinitions } from './badges.ts'
import { clientScript } from './client-script.ts'
import { type Html, html, trusted } from './html.ts'
import { facts, hero, notCovered } from './overview.ts'
import { scenarioSection } from './scenario.ts'
import { baseStyle } from './style-base.ts'
import { scenarioStyle } from './style-scenario.ts'
import { tableStyle } from './style-table.ts'
import { scenarioTable } from './table.ts'

/**
 * The whole report as one file. Its policy lets only our own script run and nothing be fetched:
 * should an escape ever be forgotten, what slips through stays inert.
 */
export function reportPage(record: RunRecord, views: readonly ScenarioView[]): string {
  const { etcd, spec } = record
  return page({
    title: `Gauntlet: etcd ${etcd.version}, ${instant(record.startedAt)}`,
    script: `${library('uplot/dist/uPlot.iife.min.js')}\n${clientScript()}`,
    styles: `${library('uplot/dist/uPlot.min.css')}${baseStyle}${tableStyle}${scenarioStyle}`,
    body: html`<div class="top"><b>Gauntlet</b><span>etcd ${etcd.version}, ${etcd.architecture}${etcd.emulated && ' (emulated)'}</span><span>${spec.name}</span><span>${instant(record.startedAt)}</span></div>
<main id="main"><div class="overview">${hero(record)}
${scenarioTable(record)}
<div class="columns">${facts(record)}${notCovered(record)}</div></div>
${views.map(scenarioSection)}</main>`,
  })
}

/** A document of one style sheet and one script, which its policy names by its digest. */
export function page(parts: {
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
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${parts.title}</title><style>${trusted(parts.styles)}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>${iconDefinitions()}
${parts.body}
<script>${trusted(script)}</script></body></html>`.text
  }\n`
}

function library(name: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8')
}
