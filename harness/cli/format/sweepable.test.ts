import { expect, test } from 'vitest'
import { formatSweepable } from './sweepable.ts'

const nothing = { containers: [], networks: [], volumes: [], images: [] }

test('a dry run names each thing that would be removed, and says when there is none', () => {
  const found = { ...nothing, containers: ['r-m1', 'r-m2'], volumes: ['r-m1-data'] }
  expect(formatSweepable(found).split('\n')).toEqual([
    'would remove container r-m1',
    'would remove container r-m2',
    'would remove volume r-m1-data',
  ])
  expect(formatSweepable(nothing)).toBe('would remove nothing')
})
