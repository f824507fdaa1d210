import { drawCharts } from './plots.ts'

/** The address's fragment names the scenario that is shown; without one, the overview is. */
export function startRoutes(): void {
  addEventListener('hashchange', () => show(true))
  addEventListener('beforeprint', preparePaper)
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing-all')
    for (const list of opened.splice(0)) list.open = false
    show(false)
  })
  show(false)
}

function show(moveFocus: boolean): void {
  const id = decode(location.hash.slice(1))
  const chosen = sections().find((section) => section.id === id)
  for (const section of sections()) section.classList.toggle('shown', section === chosen)
  document.documentElement.classList.toggle('one', chosen !== undefined)
  if (chosen !== undefined) {
    drawCharts(chosen)
    showCulprits(chosen)
    if (moveFocus) chosen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }
  if (moveFocus && id !== 'main') scrollTo(0, 0)
}

/** A wide picture opens on what is wrong in it, not on its left edge. */
function showCulprits(section: Element): void {
  for (const culprit of section.querySelectorAll<HTMLElement>('.bar.is-culprit')) {
    const scroller = culprit.closest('.picture-scroll')
    if (scroller === null) continue
    const { left, width } = culprit.getBoundingClientRect()
    const middle = left + width / 2 - scroller.getBoundingClientRect().left
    scroller.scrollLeft += middle - scroller.clientWidth / 2
  }
}

/** The lists of pictures that are open for paper alone: a bar has less room there than its text needs. */
const opened: HTMLDetailsElement[] = []

/** From the overview everything is printed, at the width of a page; else the one scenario. */
function preparePaper(): void {
  for (const list of document.querySelectorAll<HTMLDetailsElement>('.picture-words:not([open])')) {
    list.open = true
    opened.push(list)
  }
  const root = document.documentElement
  if (root.classList.contains('one')) return
  root.classList.add('printing-all')
  for (const section of sections()) {
    section.classList.add('shown')
    drawCharts(section)
  }
}

function sections(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.scenario')]
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
