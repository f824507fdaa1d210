import { expect, test } from 'vitest'
import type { HistoryEvent } from '../../history/operations.ts'
import { attemptsOf } from './attempts.ts'

const request = (process: number, to: object): HistoryEvent[] => [
  { type: 'invoke', process, f: 'put', key: 'k1', value: `${process}`, timeNs: process, ...to },
  { type: 'ok', process, f: 'put', revision: process, timeNs: process + 1 },
]

test('requests through doors have a door as their name, and what a drill asks of members is not measured', () => {
  const direct = [...request(1, { member: 'm1' }), ...request(2, { member: 'm2' })]
  expect(attemptsOf({ events: direct }).map(({ member }) => member)).toEqual(['m1', 'm2'])
  const events = [...direct, ...request(3, { door: 'm1-gateway' })]
  expect(attemptsOf({ events }).map(({ member }) => member)).toEqual(['m1-gateway'])
})
