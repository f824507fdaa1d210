import { expect, test } from 'vitest'
import type { StartMemberOptions } from '../../harness/cluster/member/settings.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { override } from '../shared/testing/override.ts'
import { runSabotaged, shortDeadlines } from '../shared/testing/run-sabotaged.ts'
import { scenarios } from './scenarios.ts'

const notAdded = findScenario(scenarios, 'bootstrap/not-added')

test('a newcomer that exits for another reason breaks the scenario', async () => {
  const record = await runSabotaged(
    {
      ...notAdded,
      act: (drill) => {
        // Its initial cluster names it m9.
        const startMember = (options: StartMemberOptions) =>
          drill.cluster.startMember({ ...options, options: { name: 'm8' } })
        return notAdded.act(override(drill, { cluster: override(drill.cluster, { startMember }) }))
      },
    },
    shortDeadlines,
  )
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toContain('wrong-start-is-explained')
})
