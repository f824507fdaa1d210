import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { EnvironmentError } from '../../harness/core/errors.ts'

const places = [process.env.GAUNTLET_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome']

/** Debian's Chromium, headless. Throws, and never skips, where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = places.find((place) => place !== undefined && existsSync(place))
  if (executablePath === undefined) {
    throw new EnvironmentError(
      'Expected Chromium at /usr/bin/chromium to look at the report with, got none: ' +
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
