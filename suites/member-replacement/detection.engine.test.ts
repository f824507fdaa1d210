import { expect, test } from 'vitest'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged } from '../shared/testing/run-sabotaged.ts'
import { scenarios } from './scenarios.ts'

const removal = findScenario(scenarios, 'member-replacement/removal-would-lose-quorum')

test('without the strict reconfiguration check the removal goes through, and that is found', async () => {
  const record = await runSabotaged({
    ...removal,
    adjustSpec: (spec) => ({
      ...spec,
      options: { ...spec.options, 'strict-reconfig-check': 'false' },
    }),
  })
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toEqual(['quorum-losing-removal-rejected'])
})
