import { expect, test } from 'vitest'
import { etcd, type Lie, startLyingProxies } from '../../harness/index.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged } from '../shared/testing/run-sabotaged.ts'
import { CheckError, openChecks } from './checks.ts'
import { scenarios } from './scenarios.ts'
import { conformance } from './topic.ts'

const place = { member: 'm1', method: 'Put' }
const errorOf = (code: number, details: string) => new etcd.RequestError({ code, details }, place)

/** Checks, and the sentences of those that did not hold. */
function listening() {
  const said: string[] = []
  const check = openChecks({
    expect: (_id, promise, held, found) => {
      if (!held) said.push(`${promise}: ${found}`)
    },
  })
  return { said, check }
}

test('a check that finds something else, or is rejected, does not hold', async () => {
  const { said, check } = listening()
  await check.equal('one-is-one', 'one is one', 1, () => 1)
  await check.rejected('no-is-no', 'no is no', 'not found', () =>
    Promise.reject(errorOf(5, 'key not found')),
  )
  expect(said).toEqual([])
  await check.equal('one-is-two', 'one is two', 2, () => 1)
  await check.equal('it-answers', 'it answers', 2, () =>
    Promise.reject(errorOf(7, 'permission denied')),
  )
  await check.rejected('it-rejects', 'it rejects', 'not found', () => Promise.resolve('an answer'))
  await check.rejected('in-these-words', 'in these words', 'not found', () =>
    Promise.reject(errorOf(3, 'other words')),
  )
  await check.becomes('it-comes', 'it comes', () => ({ done: false, last: 'nothing' }), 1)
  expect(said.map((text) => text.split(/:| \(/)[0])).toEqual([
    'one is two',
    'it answers',
    'it rejects',
    'in these words',
    'it comes',
  ])
  expect(check.made()).toBe(7)
})

test('a check that does not hold names the check before it', async () => {
  const { said, check } = listening()
  await check.equal('key-is-not-read', 'a key is not read', 1, () => 2)
  await check.equal('range-is-not-read', 'nor a range', 1, () => 2)
  await check.equal('writer-writes', 'who writes writes', 1, () => 1)
  expect(said).toEqual([
    'a key is not read: 2, not 1',
    'nor a range (checked after “a key is not read”): 2, not 1',
  ])
})

test('a repeated check says how often it did not hold, and how it failed first', async () => {
  const { said, check } = listening()
  const attempt = (turn: number) => ({ what: `turn ${turn}`, found: turn % 3, expected: turn })
  await check.equalEach('counts-to-three', 'it counts to three', 3, attempt)
  await check.equalEach('counts-to-five', 'it counts to five', 5, attempt)
  expect(said.map((text) => text.replace(/ \(.*\)/, ''))).toEqual([
    'it counts to five: 2 of 5 otherwise, first turn 3: 0, not 3',
  ])
  expect(check.made()).toBe(2)
})

test('a check that cannot be made names itself and is not counted', async () => {
  const { said, check } = listening()
  const lost = () => Promise.reject(errorOf(14, 'Connection dropped'))
  await expect(check.equal('it-answers', 'it answers', 1, lost)).rejects.toThrow(CheckError)
  await expect(check.rejected('it-rejects', 'it rejects', 'not found', lost)).rejects.toThrow(
    /it-rejects \(it rejects\): /,
  )
  expect([said, check.made()]).toEqual([[], 0])
})

test('a topic without a check does not hold', async () => {
  const { outcome, reason } = await runSabotaged(
    conformance({ name: 'empty', title: 'Nothing is checked', parts: [] }),
  )
  expect([outcome, reason]).toEqual([
    'inconclusive',
    expect.stringContaining('Expected checks to be made, got none'),
  ])
})

/** Members with another limit than the cluster's configuration. */
test('members with another transaction limit break the scenario', async () => {
  const options = { 'max-txn-ops': '1000' }
  const { outcome, broken } = await runSabotaged({
    ...named('transactions'),
    settings: ({ members }) => Object.fromEntries(members.map(({ name }) => [name, { options }])),
  })
  expect(outcome).toBe('broken')
  expect(broken).toContain('operations-above-limit-rejected')
})

/** Which lie each topic has to find, and the checks of which one must find it. */
const lied: readonly (readonly [topic: string, lie: Lie, checks: readonly string[]])[] = [
  ['key-value', repeating('Put'), ['put-returns-previous-key']],
  [
    'watches',
    deaf(),
    [
      'prefix-watch-delivers-all',
      'event-has-write-revision',
      'txn-delivered-in-one-response',
      'resumed-watch-delivers-rest',
      'prevkv-watch-has-previous-value',
      'future-watch-waits',
      'watch-from-compacted-revision',
    ],
  ],
  [
    'leases',
    repeating('LeaseTimeToLive'),
    ['lease-time-runs-down', 'expired-lease-is-gone', 'lease-lists-attached-keys'],
  ],
  [
    'ranges',
    repeating('Range'),
    [
      'prefix-in-key-order',
      'limit-reports-more',
      'range-sorts-ascending',
      'keys-only-omits-values',
      'count-only-returns-count',
    ],
  ],
  [
    'transactions',
    repeating('Txn'),
    ['failure-branch-runs', 'compare-follows-operator', 'missing-key-compares-as-zero'],
  ],
  ['auth', repeating('Authenticate'), ['put-needs-write-permission', 'wrong-password-rejected']],
  ['leases-across-leaders', repeating('LeaseTimeToLive'), ['lease-time-runs-down']],
  ['maintenance', repeating('HashKV'), ['hash-differs-by-revision']],
]

/** CI's time is short: DETECTION_ALL tries the other topics as well. */
const tried = process.env.DETECTION_ALL === undefined ? lied.slice(0, 3) : lied

test.each(tried)('%s detects a lying proxy', async (topic, lie, checks) => {
  let lies = () => 0
  const {
    outcome,
    reason,
    broken = [],
  } = await runSabotaged({
    ...named(topic),
    route: async (cluster) => {
      const route = await startLyingProxies(cluster, lie)
      lies = route.lies
      return route
    },
  })
  expect(lies(), reason).toBeGreaterThan(0)
  expect(`${outcome}: ${reason}`).toMatch(/^(broken|inconclusive): /)
  // The reason names a check that a lie makes impossible.
  const found = checks.filter((id) => broken.includes(id) || reason.includes(`${id} (`))
  expect(found, reason).not.toEqual([])
})

/** Takes six minutes: a leader sends a checkpoint of a lease every five. */
test.skipIf(process.env.DETECTION_ALL === undefined)(
  'lease-checkpoint detects members without checkpoints',
  async () => {
    const { outcome, reason, broken } = await runSabotaged({
      ...named('lease-checkpoint'),
      adjustSpec: (spec) => spec,
    })
    expect(outcome, reason).toBe('broken')
    expect(broken).toContain('checkpoint-survives-change')
  },
)

/** Answers each of the checks' requests of that method as it answered the first one. */
function repeating(method: string): Lie {
  return {
    name: `${method}-repeated`,
    what: `answers every ${method} like the first one`,
    detectedBy: 'the checks of a topic',
    start: (reportLie) => {
      let first: Buffer | undefined
      return {
        answer: async (exchange) => {
          const isOurs = exchange.method === method && !isWorkload(exchange.request)
          if (first === undefined || !isOurs) {
            const answer = await exchange.forward()
            if (isOurs) first = answer
            return answer
          }
          reportLie()
          return first
        },
      }
    },
  }
}

/** The workload's requests have keys such as k7; the checks' name a topic, a lease or a user. */
const isWorkload = (request: Buffer) => /^..k\d/s.test(request.toString('latin1'))

/** Drops every second response with events of the checks. */
function deaf(): Lie {
  return {
    name: 'deaf-watch',
    what: 'drops every second response with events',
    detectedBy: 'the checks of a topic',
    start: (reportLie) => {
      let responses = 0
      return {
        watch: (response, tell) => {
          if (++responses % 2 === 1 || !response.includes('conformance/')) return tell(response)
          reportLie()
        },
      }
    },
  }
}

const named = (name: string) => findScenario(scenarios, `conformance/${name}`)
