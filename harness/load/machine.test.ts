import { expect, test } from 'vitest'
import { isNoisy, machineCores, machineUse, otherProcessCores } from './machine.ts'

const between = (busyS: number, ownS: number) => ({
  before: { busyS: 100, ownS: 10 },
  after: { busyS: 100 + busyS, ownS: 10 + ownS },
})

test('the use of members, generator and this process does not count as others’', () => {
  const used = { elapsedS: 4, membersS: 3, generatorCores: 0.5 }
  expect(otherProcessCores(between(8, 1), used)).toBeCloseTo(0.5)
  expect(otherProcessCores(between(6, 1), used)).toBe(0)
})

test('members on another machine do not make others’ use negative', () => {
  expect(
    otherProcessCores(between(1, 0.5), { elapsedS: 4, membersS: 30, generatorCores: 0.1 }),
  ).toBe(0)
})

test('a machine is noisy when others use more than three tenths of it', () => {
  expect(isNoisy(0.29 * machineCores())).toBe(false)
  expect(isNoisy(0.31 * machineCores())).toBe(true)
})

test('work of this process counts as its own and as the machine’s', () => {
  const before = machineUse()
  const untilS = before.ownS + 0.2
  while (machineUse().ownS < untilS);
  const after = machineUse()
  expect(after.ownS - before.ownS).toBeGreaterThanOrEqual(0.2)
  expect(after.busyS).toBeGreaterThan(before.busyS)
})
