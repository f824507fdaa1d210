import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What this test reads of axe's results. */
interface Findings {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/**
 * The rules of axe that the page violates, one line a rule, with the first element: all rules in
 * the light scheme, and those of contrast in the dark one, which differs in nothing else.
 */
export async function findAccessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(source)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = (await page.evaluate('axe.run()')) as Findings
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = (await page.evaluate("axe.run({ runOnly: ['color-contrast'] })")) as Findings
  const violations = [...light.violations, ...dark.violations]
  return violations.map(
    ({ id, nodes: [first] }) => `${id}: ${first?.html}. ${first?.failureSummary}`,
  )
}
