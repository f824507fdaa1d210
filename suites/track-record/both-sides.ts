import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conductAlone, stderrLog } from '../../harness/index.ts'
import { type KnownBug, scenarioOf } from './known-bug.ts'

/** Every version that is named, instead of the first of each side. */
const everyVersion = process.env.TRACK_RECORD_ALL !== undefined

/** One test of a bug: its scenario is red on a version that has it and green on one that has not. */
export function testBothSides(bug: KnownBug): void {
  const pick = (versions: readonly string[]) => (everyVersion ? versions : versions.slice(0, 1))
  const [shownOn, cleanOn] = [pick(bug.shownOn), pick(bug.cleanOn)]
  const where = `shows on ${shownOn.join(', ')} and not on ${cleanOn.join(', ')}`
  test(`${bug.issue} ${where}: ${bug.summary}`, async () => {
    for (const version of shownOn) {
      const { outcome, reason, reproduce } = await conductOn(bug, version)
      const again = `Run it again: ${reproduce}`
      expect(`${outcome}: ${reason}`, again).toMatch(/^known-issue: /)
      expect(reason, again).toMatch(bug.symptom)
    }
    for (const version of cleanOn) {
      const { outcome, reason, reproduce } = await conductOn(bug, version)
      expect(`${outcome}: ${reason}`, `Run it again: ${reproduce}`).toMatch(/^held: /)
    }
  }, 600_000)
}

async function conductOn(bug: KnownBug, version: string) {
  const { record, directory } = await conductAlone(scenarioOf(bug), { log: stderrLog(), version })
  rmSync(directory, { recursive: true })
  return record
}
