import { formatQuantity } from '../../model/format.ts'
import type { Bar, Picture, Row } from '../../model/pictures/picture.ts'
import { type Html, html } from '../html.ts'
import { renderRawLines } from './raw-lines.ts'

export interface PictureOptions {
  /** Of the bar that shows the violation. */
  readonly id: string
  /** On a page without a script a link jumps to the bar. */
  readonly hasScript: boolean
}

/** A violation as bars on lanes, as a list, and with the lines of evidence that it shows. */
export function renderPicture(picture: Picture, options: PictureOptions): Html {
  const { checker, heading, subject, notes, columns, rows, ticks } = picture
  const bars = rows.flatMap((row) => row.bars)
  const hasCulprit = bars.some(({ isCulprit }) => isCulprit)
  const offset = ticks.length > 0 ? 2 : 1
  return html`<figure class="picture" aria-label="Picture of the violation found by ${checker}">
<figcaption><b>${heading}${subject !== undefined && html` <code>${subject}</code>`}</b> ${notes.join(' ')}
${hasCulprit && renderJump(options)}</figcaption>
<div class="picture-scroll" tabindex="0" role="group" aria-label="Bars, scrolls sideways"><div class="picture-grid" style="--columns:${columns}">
${ticks.map(({ column, text }) => html`<span class="picture-tick" style="grid-row:1;grid-column:${column + 2}">${text}</span>`)}${rows.map((row, index) => renderRow(row, index + offset, options.id))}</div></div>${renderList(picture)}${renderTable(picture)}${picture.raw.map(renderRawLines)}</figure>`
}

function renderJump({ id, hasScript }: PictureOptions): Html {
  return hasScript
    ? html`<button type="button" class="button jump" data-target="${id}">Jump to the violation</button>`
    : html`<a class="button" href="#${id}">Jump to the violation</a>`
}

function renderRow({ name, bars }: Row, row: number, id: string): Html {
  return html`<span class="picture-line" style="grid-row:${row}"></span><span class="picture-process" style="grid-row:${row}" title="${name}">${name}</span>${bars.map(
    (bar) => renderBar(bar, row, id),
  )}`
}

/** The grid gives each bar the room of its text, and its events their order. */
function renderBar(bar: Bar, row: number, id: string): Html {
  const anchor = bar.isCulprit && html` id="${id}"`
  const kind = bar.isCulprit ? 'is-culprit' : `is-${bar.kind}`
  const place = `grid-row:${row};grid-column:${bar.fromColumn + 2}/${bar.toColumn + 2}`
  return html`<div class="bar ${kind}"${anchor} tabindex="0" role="img" aria-label="${bar.text}" title="${bar.text}" style="${place}">
${bar.place !== undefined && html`<span class="place">${bar.place}</span>`}<span class="bar-text"><b>${renderWords(bar)}</b><span class="result">${operationKinds.has(bar.kind) && '→ '}${bar.result}</span></span></div>`
}

/** Their result is an answer. */
const operationKinds: ReadonlySet<string> = new Set(['ok', 'fail', 'info'])

function renderList({ rows, isListedByLane = false }: Picture): Html {
  const bars = rows.flatMap((row) => row.bars)
  const ordered = isListedByLane
    ? bars
    : bars.sort((one, other) => one.fromColumn - other.fromColumn)
  return html`<details class="picture-words"><summary>As a list</summary><ol class="picture-list">${ordered.map(
    ({ text, isCulprit }) => html`<li${isCulprit && html` class="is-culprit"`}>${text}</li>`,
  )}</ol></details>`
}

/** Each on its own, so that one that reads from right to left leaves the others in their order. */
function renderWords({ words }: Bar): Html[] {
  return words.map((word, index) => html`${index > 0 && ' '}<bdi>${word}</bdi>`)
}

function renderTable({ checker, table }: Picture): Html {
  if (table === undefined) return html``
  const { heads, rows, found } = table
  const shown = rows.length < found ? `, the first ${formatQuantity(rows.length)}` : ''
  return html`<details><summary>All ${formatQuantity(found)} violations${shown}</summary><div class="scroll" tabindex="0" role="group" aria-label="All violations found by ${checker}"><table class="plain"><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([first, ...cells], index) =>
      html`<tr${index === 0 && html` class="is-culprit"`}><th scope="row">${first}</th>${cells.map((cell) => html`<td class="observed">${cell}</td>`)}</tr>`,
  )}</tbody></table></div></details>`
}
