import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runStandalone, type ScenarioOutcome, stderrLog } from '../../../harness/index.ts'
import { type KnownBug, scenarioOf } from '../known-bug.ts'

/** Tries every version instead of the first of each side, and the bugs that CI leaves out. */
const everyVersion = process.env.TRACK_RECORD_ALL !== undefined

/** One test of a bug: its scenario shows the known issue on a version with it and holds on one without. */
export function testBothSides(bug: KnownBug): void {
  const pick = (versions: readonly string[]) => (everyVersion ? versions : versions.slice(0, 1))
  const [shownOn, cleanOn] = [pick(bug.shownOn), pick(bug.cleanOn)]
  const where = `shows on ${shownOn.join(', ')} and not on ${cleanOn.join(', ')}`
  const isLeftOut = bug.isLeftOutOfCi === true && !everyVersion
  test.skipIf(isLeftOut)(
    `${bug.issue} ${where}: ${bug.summary}`,
    async () => {
      for (const version of shownOn) await expectOn(bug, { version, expected: 'known-issue' })
      for (const version of cleanOn) await expectOn(bug, { version, expected: 'held' })
    },
    600_000,
  )
}

async function expectOn(
  bug: KnownBug,
  { version, expected }: { readonly version: string; readonly expected: ScenarioOutcome },
): Promise<void> {
  const { record, directory } = await runStandalone(scenarioOf(bug), { log: stderrLog(), version })
  const { outcome, reason, reproduce } = record
  const again = `On etcd ${version}, evidence in ${directory}. Run it again: ${reproduce}`
  expect(outcome, `${reason}\n${again}`).toBe(expected)
  rmSync(directory, { recursive: true })
}
