import type { Bar, ViolationPicture } from '../model/violation.ts'
import { type Html, html } from './html.ts'
import { renderRawLines } from './raw-lines.ts'

/**
 * The operations around a violation as bars, one lane a process, in the history's order. Widths mean
 * nothing. Numbers are places in the longest order that was found; the culprit has none.
 */
export function renderPicture(picture: ViolationPicture, id: string): Html {
  const { checker, columns, rows, culprit, key, isOrder } = picture
  return html`<figure class="picture" aria-label="Operations around the violation found by ${checker}">
<figcaption><b>What clients observed${key !== undefined && html` of <code>${key}</code>`}</b> Each bar is an operation from its request to its response, in the order of events.
${isOrder && "A number is an operation's place in the longest order that explains every response."} ${culprit && (isOrder ? 'No order explains the red operation.' : 'The red operation shows the violation.')}
${culprit && html`<button type="button" class="button jump" data-target="${id}">Jump to the violation</button>`}</figcaption>
<div class="picture-scroll" tabindex="0" role="group" aria-label="Bars, scrolls sideways"><div class="picture-grid" style="grid-template-columns:auto repeat(${columns},minmax(22px,auto))">
${rows.map(({ process, bars }, index) => renderRow({ process, bars, row: index + 1, id }))}</div></div>${renderList(rows.flatMap(({ bars }) => bars))}${renderRawLines(picture.raw)}</figure>`
}

function renderRow(parts: {
  readonly process: number
  readonly bars: readonly Bar[]
  readonly row: number
  readonly id: string
}): Html {
  const { process, bars, row, id } = parts
  return html`<span class="picture-line" style="grid-row:${row}"></span><span class="picture-process" style="grid-row:${row}">client ${process}</span>${bars.map(
    (bar) => renderBar(bar, row, id),
  )}`
}

/** The grid gives each bar the room of its text, and its events their order. */
function renderBar(bar: Bar, row: number, id: string): Html {
  const anchor = bar.isCulprit && html` id="${id}"`
  const kind = bar.isCulprit ? 'is-culprit' : `is-${bar.outcome}`
  const place = `grid-row:${row};grid-column:${bar.fromColumn + 2}/${bar.toColumn + 2}`
  return html`<div class="bar ${kind}"${anchor} tabindex="0" role="img" aria-label="${formatOperation(bar)}" title="${formatOperation(bar)}" style="${place}">
${bar.place !== undefined && html`<span class="place">${bar.place}</span>`}<span class="bar-text"><b>${renderWords(bar)}</b><span class="result">→ ${bar.result}</span></span></div>`
}

function renderList(bars: readonly Bar[]): Html {
  const ordered = [...bars].sort((one, other) => one.fromColumn - other.fromColumn)
  return html`<details><summary>As a list</summary><ol class="picture-list">${ordered.map(
    (bar) => html`<li${bar.isCulprit && html` class="is-culprit"`}>${formatOperation(bar)}</li>`,
  )}</ol></details>`
}

/** Each on its own, so that one that reads from right to left leaves the others in their order. */
function renderWords({ words }: Bar): Html[] {
  return words.map((word, index) => html`${index > 0 && ' '}<bdi>${word}</bdi>`)
}

function formatOperation(bar: Bar): string {
  const when = `${bar.fromS.toFixed(4)} s to ${bar.toS === null ? 'never' : seconds4(bar.toS)}`
  const where = bar.member === '' ? '' : ` at ${bar.member}`
  const unexplained = bar.isCulprit ? ' (the violation)' : ''
  return `client ${bar.process}${where}: ${bar.words.join(' ')} → ${bar.result}, ${when}${unexplained}`
}

function seconds4(value: number): string {
  return `${value.toFixed(4)} s`
}
