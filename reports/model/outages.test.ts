import { expect, test } from 'vitest'
import { formatBounds, formatOutage } from './outages.ts'

const outage = { of: 'writes', beginNs: 1, endNs: null, leastMs: 1_500, mostMs: null } as const

test('an outage whose end was not seen is shown as a lower bound', () => {
  const measures = { writeOutageMs: 1_500, readOutageMs: null }
  expect(formatOutage({ measures, outages: [outage] }, 'writes')).toBe('≥ 1.50 s')
  expect(formatOutage({ measures, outages: [{ ...outage, member: 'm1' }] }, 'writes')).toBe(
    '1.50 s',
  )
  expect(formatOutage({ measures }, 'writes')).toBe('1.50 s')
  expect(formatOutage({ measures, outages: [outage] }, 'reads')).toBe('–')
})

test('both bounds of an outage are shown where they differ', () => {
  expect(formatBounds(outage)).toBe('≥ 1.50 s')
  expect(formatBounds({ ...outage, endNs: 9, mostMs: 1_700 })).toBe('1.50 s to 1.70 s')
  expect(formatBounds({ ...outage, endNs: 9, mostMs: 1_501 })).toBe('1.50 s')
})
