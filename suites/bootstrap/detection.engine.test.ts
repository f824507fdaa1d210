import { expect, test } from 'vitest'
import { addToMemberList } from '../shared/membership.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged, shortDeadlines } from '../shared/testing/run-sabotaged.ts'
import { scenarios } from './scenarios.ts'

const notAdded = findScenario(scenarios, 'bootstrap/not-added')

test('a newcomer that joins where it should exit breaks the scenario', async () => {
  const record = await runSabotaged(
    {
      ...notAdded,
      act: async (drill) => {
        await addToMemberList(drill, { through: await drill.cluster.leader(), name: 'm9' })
        await notAdded.act(drill)
      },
    },
    shortDeadlines,
  )
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toContain('wrong-start-exits')
})
