import { expect, test } from 'vitest'
import { catalogue } from '../faults/catalogue.ts'
import { faultNamed } from './test-cluster.ts'

test('every fault of the catalogue is found by its name, and a near name is suggested', () => {
  for (const { name } of catalogue) expect(faultNamed(name).name).toBe(name)
  expect(() => faultNamed('isolat')).toThrow(
    /to be one of kill, .*`isolat` \(did you mean `isolate`\?\)/,
  )
})
