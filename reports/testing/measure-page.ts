import type { Page } from 'playwright-core'

/** Runs before the page's own script; its clock begins with the navigation. */
const observer = `(() => {
  const bench = { longestTaskMs: 0 }
  globalThis.bench = bench
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      bench.longestTaskMs = Math.max(bench.longestTaskMs, duration)
  }).observe({ type: 'longtask', buffered: true })
  const isDrawn = () => document.querySelectorAll('.scenario.shown canvas').length === 3
  const look = () => requestAnimationFrame(() => {
    if (!isDrawn()) look()
    else requestAnimationFrame(() => { bench.openMs = performance.now() })
  })
  look()
})()`

/** Evaluated in the page, as text: the browser's types are not those of the harness. */
const inPage = {
  isOpen: 'bench.openMs !== undefined',
  figures: `({ ...bench, domNodes: document.querySelectorAll('*').length })`,
  redraw: `(() => { const from = performance.now()
    dispatchEvent(new HashChangeEvent('hashchange'))
    return performance.now() - from })()`,
  scroll: `new Promise((resolve) => {
    const frames = []
    let last
    const step = (now) => {
      if (last !== undefined) frames.push(now - last)
      last = now
      const before = scrollY
      scrollBy(0, 20)
      if (scrollY > before) requestAnimationFrame(step)
      else resolve(frames)
    }
    scrollTo(0, 0)
    requestAnimationFrame(step)
  })`,
}

/**
 * From the start of the navigation to the frame after the first one with the timeline's charts, the
 * longest task on the way, how long drawing again takes, and the size of the page.
 */
export async function measureOpening(page: Page, url: string) {
  await page.addInitScript(observer)
  await page.goto(url)
  await page.waitForFunction(inPage.isOpen, undefined, { timeout: 120_000 })
  const figures = (await page.evaluate(inPage.figures)) as {
    readonly openMs: number
    readonly longestTaskMs: number
    readonly domNodes: number
  }
  const redrawMs = (await page.evaluate(inPage.redraw)) as number
  return { ...figures, redrawMs }
}

/** Scrolls the whole page, 20 pixels a frame, and times the frames. */
export async function measureScrolling(page: Page) {
  const frames = (await page.evaluate(inPage.scroll)) as number[]
  const sorted = frames.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Infinity
  return { frames: frames.length, frameP95Ms: at(0.95), frameLongestMs: at(1) }
}
