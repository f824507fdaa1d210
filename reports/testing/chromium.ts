import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { browsers, findProgram } from '../../harness/bootstrap/system.mjs'
import { EnvironmentError } from '../../harness/core/errors.ts'

/** Headless. Throws, and never skips, where there is none. */
export async function launchChromium(): Promise<Browser> {
  const places = [process.env.GAUNTLET_CHROMIUM, ...browsers.map(findProgram)]
  const executablePath = places.find((place) => place !== undefined && existsSync(place))
  if (executablePath === undefined) {
    throw new EnvironmentError(
      'Expected Chromium in PATH to look at the report with, got none: ' +
        'apt-get install -y --no-install-recommends chromium, or set GAUNTLET_CHROMIUM to its path',
    )
  }
  return await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
