import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** An open page, with its console messages, errors and network requests. Disposing closes it. */
export interface OpenReport extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** Opens the report of a run directory from disk; `hash` is the address's fragment with its `#`. */
export async function openReport(
  browser: Browser,
  folder: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<OpenReport> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`requested ${request.url()}`)
  })
  await page.goto(`file://${folder}/index.html${hash}`)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}
