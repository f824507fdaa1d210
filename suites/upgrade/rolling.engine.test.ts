import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runStandalone, stderrLog } from '../../harness/index.ts'
import { rolling } from './rolling.ts'

test("Debian's 3.4.23 is upgraded to 3.5.16 under load, from an aged cluster", async () => {
  const [scenario] = rolling
  if (scenario === undefined) throw new RangeError('Expected a scenario, got none')
  const options = { log: stderrLog(), version: '3.4.23', upgradeTo: ['3.5.16'] }
  const { record, directory } = await runStandalone(scenario, options)
  const { outcome, reason, measures } = record
  expect(outcome, `${reason}\nEvidence in ${directory}`).toBe('held')
  expect(measures.acknowledgedLost).toBe(0)
  rmSync(directory, { recursive: true })
})
