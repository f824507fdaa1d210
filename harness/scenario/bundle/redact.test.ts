import { expect, test } from 'vitest'
import { createRedact } from './redact.ts'

const contents = [
  { type: 'invoke', f: 'range', key: 'tenant/a', end: 'tenant/b', member: 'db-prod-1' },
  { type: 'ok', f: 'range', value: [['tenant/a1', 'secret', 3, 1]], member: 'db-prod-1' },
  {
    type: 'invoke',
    f: 'txn',
    value: {
      compare: [['tenant/a1', 'version', '=', 1]],
      // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
      then: [['put', 'tenant/a1', 'secret']],
      else: [],
    },
  },
  {
    members: [{ member: 'db-prod-1', keys: { 'tenant/a1': { value: 'secret', modRevision: 3 } } }],
  },
  { type: 'info', f: 'put', error: 'tenant/a1 is too large' },
  {
    type: 'fault',
    targets: ['db-prod-1'],
    proof: {
      observed: true,
      expected: 'no packet from db-prod-1',
      measured: [{ at: 'm2', what: 'packets from db-prod-1', before: 1, now: 0 }],
    },
  },
]
const redacted = createRedact(contents, ['db-prod-1'])(contents)

test('no text of a user is left, and the same text becomes the same everywhere', () => {
  expect(JSON.stringify(redacted)).not.toMatch(/tenant|secret|prod/)
  expect(redacted[1]).toMatchObject({ value: [['x3', 'x1', 3, 1]], member: 'm1' })
  expect(redacted[5]).toMatchObject({ targets: ['m1'], proof: { observed: true } })
  expect(redacted[3]).toEqual({
    members: [{ member: 'm1', keys: { x3: { value: 'x1', modRevision: 3 } } }],
  })
})

test('ranges hold the same keys as before, and words of the format stay', () => {
  const [range] = redacted as { key: string; end: string }[]
  expect(range?.key).toBe('x2')
  expect(range?.end).toBe('x4')
  expect(redacted[2]?.value).toMatchObject({ compare: [['x3', 'version', '=', 1]] })
})
