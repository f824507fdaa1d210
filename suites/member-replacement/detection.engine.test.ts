import { expect, test } from 'vitest'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged, shortDeadlines } from '../shared/testing/run-sabotaged.ts'
import { scenarios } from './scenarios.ts'

const removal = findScenario(scenarios, 'member-replacement/removal-would-lose-quorum')

test('a removal that passes without the strict reconfiguration check breaks the scenario', async () => {
  const record = await runSabotaged(
    {
      ...removal,
      notApplicable: () => undefined,
      adjustSpec: (spec) => ({
        ...spec,
        options: { ...spec.options, 'strict-reconfig-check': 'false' },
      }),
    },
    shortDeadlines,
  )
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toContain('quorum-losing-removal-rejected')
})
