import type { ThroughputRecord } from '../../../harness/run-record/throughput-record.ts'
import { html } from '../html.ts'
import { renderPage } from '../page.ts'
import { baseStyle } from '../style/base.ts'
import { scenarioStyle } from '../style/scenario.ts'
import { tableStyle } from '../style/table.ts'
import { renderThroughput } from './throughput.ts'

/** What `gauntlet bench` measured, as one file. Needs no script. */
export function renderBenchPage(record: ThroughputRecord): string {
  return renderPage({
    title: 'Gauntlet: bench',
    styles: `${baseStyle}${tableStyle}${scenarioStyle}`,
    script: '',
    body: html`<header class="top"><b>Gauntlet</b><span>bench</span></header>
<main id="main"><article class="scenario shown"><h1>How much the cluster serves</h1>
${renderThroughput({ record })}</article></main>`,
  })
}
