import { expect, test } from 'vitest'
import { type Drill, etcd } from '../../harness/index.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged } from '../shared/testing/run-sabotaged.ts'
import { CheckError, openChecks } from './checks.ts'
import { scenarios } from './scenarios.ts'
import { conformance, repeat, type TopicContext } from './topic.ts'

const place = { member: 'm1', method: 'Put' }
const errorOf = (code: number, details: string) => new etcd.RequestError({ code, details }, place)

/** Checks, and the sentences of those that did not hold. */
function listening() {
  const said: string[] = []
  const check = openChecks({
    deadlines: { appliedMs: 1 } as Drill['deadlines'],
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

test('a request that is rejected most of the time does not hold', async () => {
  const { said, check } = listening()
  const denied = () => Promise.reject(errorOf(7, 'permission denied'))
  const answered = () => Promise.resolve('a value')
  const each = (requests: (() => Promise<unknown>)[]) =>
    check.rejectedEach('it-rejects', 'it rejects', 'permission denied', requests)
  await each([denied, denied])
  await each([denied, answered, denied])
  await each([])
  expect(said.map((text) => text.replace(/ \(.*\)/, ''))).toEqual([
    'it rejects: request 2 of 3: the answer a value',
    'it rejects: no request',
  ])
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

test('a repeated part meets a server that lies in one answer of twenty, and stops there', async () => {
  const { said, check } = listening()
  let [answers, turns] = [0, 0]
  const ask = () => (++answers % 20 === 0 ? 'a lie' : 'the truth')
  const part = async (context: TopicContext) => {
    turns++
    for (const name of 'abc') {
      await context.check.equal('answers-truly', `${name} is true`, 'the truth', ask)
    }
  }
  await repeat(part)({ check, prefix: 'x/' } as TopicContext)
  expect([turns, said.length]).toEqual([7, 1])
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

const named = (name: string) => findScenario(scenarios, `conformance/${name}`)
