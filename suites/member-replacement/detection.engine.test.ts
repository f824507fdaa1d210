import { expect, test } from 'vitest'
import type { Scenario } from '../../harness/index.ts'
import { conductAside } from '../shared/sabotaged.ts'
import { scenarios } from './scenarios.ts'

const { id, ...removal } = scenarios.find((each) =>
  each.id.endsWith('/removal-would-lose-quorum'),
) as Scenario

test('without the strict reconfiguration check the removal goes through, and that is found', async () => {
  const record = await conductAside({
    ...removal,
    id: id.replace(/^[^/]*/, 'canaries'),
    adjustSpec: (spec) => ({
      ...spec,
      options: { ...spec.options, 'strict-reconfig-check': 'false' },
    }),
  })
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toEqual(['quorum-losing-removal-rejected'])
})
