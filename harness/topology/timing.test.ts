import { expect, test } from 'vitest'
import { clusterSpec } from './presets.ts'
import { hasPreVote, likelySplitVotes, longestCandidacyMs, steadyMs } from './timing.ts'

const spec = (more = {}) => clusterSpec({ version: '3.5.16', ...more })

test('the times follow from the timers of the cluster', () => {
  const slow = spec({ heartbeatIntervalMs: 1_000, electionTimeoutMs: 5_000 })
  expect([steadyMs(spec()), longestCandidacyMs(spec())]).toEqual([500, 2_000])
  expect([steadyMs(slow), longestCandidacyMs(slow)]).toEqual([5_000, 10_000])
})

test('split votes are likelier the fewer heartbeats an election timeout has', () => {
  const slow = { heartbeatIntervalMs: 1_000, electionTimeoutMs: 5_000 }
  expect(likelySplitVotes(spec())).toBe(2)
  expect(likelySplitVotes(spec(slow))).toBe(4)
  expect(likelySplitVotes(spec({ members: 5 }))).toBe(5)
  expect(likelySplitVotes(spec({ members: 1 }))).toBe(0)
  expect(likelySplitVotes(spec({ members: 7, ...slow }))).toBe(9)
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
