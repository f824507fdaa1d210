import { expect, test } from 'vitest'
import { compareSpecs } from './compare-specs.ts'
import { sampleSpec } from './testing/sample-spec.ts'

const user = sampleSpec({ options: { 'snapshot-count': '1000', 'max-txn-ops': '64' } })

test('a scenario that keeps the user’s cluster differs in nothing', () => {
  expect(compareSpecs(user, structuredClone(user))).toEqual([])
})

test('an option that a scenario sets, replaces or leaves out is a difference', () => {
  const options = { 'snapshot-count': '50', 'quota-backend-bytes': '1' }
  expect(compareSpecs(user, { ...user, options })).toEqual([
    { setting: 'options.max-txn-ops', user: '64' },
    { setting: 'options.quota-backend-bytes', scenario: '1' },
    { setting: 'options.snapshot-count', user: '1000', scenario: '50' },
  ])
})

test('other members, TLS and timing are differences', () => {
  const members = user.members.slice(0, 1)
  const tls = { ...user.tls, client: 'none' } as const
  const adjusted = { ...user, members, tls, electionTimeoutMs: user.electionTimeoutMs + 1 }
  const found = compareSpecs({ ...user, tls: { ...user.tls, client: 'mutual' } }, adjusted)
  expect(found.map(({ setting }) => setting)).toEqual([
    'electionTimeoutMs',
    'members',
    'tls.client',
  ])
  expect(found[1]).toEqual({
    setting: 'members',
    user: user.members.map(({ name, architecture }) => `${name} (${architecture})`).join(', '),
    scenario: `${members[0]?.name} (${members[0]?.architecture})`,
  })
})

test('what one member has of its own is a difference of that member alone', () => {
  const quota = 'quota-backend-bytes'
  const given = { ...user, options: { [quota]: '8' } }
  const [first, second, third] = given.members
  if (first === undefined || second === undefined || third === undefined) throw new Error('three')
  const small = { ...third, options: { [quota]: '4' } }
  expect(compareSpecs(given, { ...given, members: [first, second, small] })).toEqual([
    { setting: `members.${third.name}.options.${quota}`, user: '8', scenario: '4' },
  ])
})
