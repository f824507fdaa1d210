import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * The rules of axe that the page violates, one line a rule, with the first element: all rules in
 * the light scheme, and those of contrast in the dark one, which differs in nothing else.
 */
export async function findAccessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(source)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = (await page.evaluate('axe.run()')) as AxeResults
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = (await page.evaluate("axe.run({ runOnly: ['color-contrast'] })")) as AxeResults
  const violations = [...light.violations, ...dark.violations]
  return violations.map(
    ({ id, nodes: [first] }) => `${id}: ${first?.html}. ${first?.failureSummary}`,
  )
}
