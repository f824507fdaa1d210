import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { EnvironmentError, exitCodes } from '../../core/errors.ts'
import { expectRoom, findLack } from './room.ts'

const hours = (count: number) => count * 3_600_000
const room = { diskBytes: 20e9, memoryBytes: 8e9 }

test('a run that the machine can hold lacks nothing', () => {
  expect(findLack(hours(8), room)).toBeUndefined()
})

test('a run is refused with the disk that it needs and the disk that is free', () => {
  expect(findLack(hours(8), { ...room, diskBytes: 5e9 })).toBe(
    'Expected 11.0 GB of free disk for 8 h of chaos (1 GB an hour), got 5.0 GB',
  )
  expect(findLack(hours(0.5), { ...room, diskBytes: 5e9 })).toBeUndefined()
})

test('a run is refused on a machine with too little memory, however short it is', () => {
  expect(findLack(hours(0.1), { ...room, memoryBytes: 1e9 })).toBe(
    'Expected 2.5 GB of free memory for 0.1 h of chaos, got 1.0 GB',
  )
})

test('what is refused on this machine is an error of the environment', async () => {
  const refused = await expectRoom(hours(1e6), tmpdir()).catch((thrown: unknown) => thrown)
  expect(refused).toBeInstanceOf(EnvironmentError)
  expect(refused).toMatchObject({ exitCode: exitCodes.environment })
})
