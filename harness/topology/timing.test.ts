import { expect, test } from 'vitest'
import { clusterSpec } from './presets.ts'
import { hasPreVote, likelyLostVotes, longestCandidacyMs, steadyMs } from './timing.ts'

const spec = (more = {}) => clusterSpec({ version: '3.5.16', ...more })

test('the times follow from the timers of the cluster', () => {
  const slow = spec({ heartbeatIntervalMs: 1_000, electionTimeoutMs: 5_000 })
  expect([steadyMs(spec()), longestCandidacyMs(spec())]).toEqual([500, 2_000])
  expect([steadyMs(slow), longestCandidacyMs(slow)]).toEqual([5_000, 10_000])
})

test('lost votes are likelier the fewer heartbeats an election timeout has', () => {
  const slow = { heartbeatIntervalMs: 1_000, electionTimeoutMs: 5_000 }
  expect(likelyLostVotes(spec())).toBe(2)
  expect(likelyLostVotes(spec(slow))).toBe(4)
  expect(likelyLostVotes(spec({ members: 5 }))).toBe(5)
  expect(likelyLostVotes(spec({ members: 1 }))).toBe(0)
  expect(likelyLostVotes(spec({ members: 7, ...slow }))).toBe(9)
})

test('without pre-vote votes are lost to a member that comes back with an old log', () => {
  const old = (more = {}) => likelyLostVotes(spec({ version: '3.3.25', ...more }))
  expect([old(), old({ members: 1 }), old({ members: 5 })]).toEqual([8, 0, 9])
})

test('pre-vote is on from 3.5, unless a flag says otherwise', () => {
  const of = (version: string, value?: string) =>
    hasPreVote(spec({ version, options: value === undefined ? {} : { 'pre-vote': value } }))
  expect([of('3.5.16'), of('3.4.23'), of('3.4.23', 'true'), of('3.6.0', 'false')]).toEqual([
    true,
    false,
    true,
    false,
  ])
})
