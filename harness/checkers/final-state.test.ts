import { expect, test } from 'vitest'
import { createRandom } from '../core/random.ts'
import type { StoredKey } from '../history/initial-store.ts'
import type { FinalState, MemberFinalState } from './checker.ts'
import { convergenceChecker } from './convergence.ts'
import { judge } from './judge/judge.ts'
import { standardCheckers } from './judge/standard.ts'
import { type WrittenHistory, writeHistory } from './testing/metadata-history.ts'

type Held = Pick<MemberFinalState, 'revision' | 'keys'>
type Keys = Readonly<Record<string, StoredKey>>

const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1)

function finalOf(...held: readonly Held[]): FinalState {
  const members = held.map((each, at) => {
    return { member: `m${at + 1}`, ...each, hash: 1, hashRevision: each.revision }
  })
  return { members }
}

/** Every way in which a member can end with what no correct store holds, by what is wrong. */
function impossibleStates({ states, revision }: WrittenHistory): [what: string, held: Held][] {
  const keys = states.get(revision) ?? {}
  const earlier = [...states].filter(([at]) => at < revision)
  const ofKeys = Object.entries(keys).flatMap(([key, kv]) => wrongKeys(keys, key, kv, revision))
  const back = earlier.map(([at, before]): [string, Held] => {
    return ['the store is back at an earlier revision', { revision: at, keys: before }]
  })
  const content = earlier.map(([, before]): [string, Held] => {
    return ['the content is of an earlier revision', { revision, keys: before }]
  })
  const added = earlier.flatMap(([, before]) =>
    Object.entries(before)
      .filter(([key]) => !Object.hasOwn(keys, key))
      .map(([key, kv]): [string, Held] => {
        return ['a deleted key is back', { revision, keys: { ...keys, [key]: kv } }]
      }),
  )
  const foreign = { value: 'v2', modRevision: revision, createRevision: revision, version: 1 }
  return [
    ...ofKeys,
    ...back,
    ...content,
    ...added,
    ['there is a key that no request names', { revision, keys: { ...keys, z: foreign } }],
    ['the revision is one more', { revision: revision + 1, keys }],
    ['the revision is one less', { revision: revision - 1, keys }],
  ]
}

function wrongKeys(keys: Keys, key: string, kv: StoredKey, revision: number): [string, Held][] {
  const { [key]: _, ...others } = keys
  const { modRevision, createRevision = 0, version = 0, lease } = kv
  const held = (what: string, change: Partial<StoredKey>): [string, Held] => {
    return [what, { revision, keys: { ...others, [key]: { ...kv, ...change } } }]
  }
  const otherRevisions = Array.from({ length: revision + 1 }, (_, at) => at + 1)
  return [
    ['a key is missing', { revision, keys: others }],
    held('a value is an earlier one', { value: 'v2' === kv.value ? 'v3' : 'v2' }),
    held('a value was never written', { value: 'phantom' }),
    held('a version is one more', { version: version + 1 }),
    held('a version is one less', { version: version - 1 }),
    held('a creation is one later', { createRevision: createRevision + 1 }),
    held('a creation is one earlier', { createRevision: createRevision - 1 }),
    held('a lease is another', { lease: lease === '7' ? '8' : '7' }),
    held('a lease is lost or added', { lease: lease === '0' ? '7' : '0' }),
    ...otherRevisions
      .filter((at) => at !== modRevision)
      .map((at) => held('a mod revision is that of another write', { modRevision: at })),
  ]
}

test('what a correct store holds at the end passes, on every member', () => {
  for (const seed of seeds) {
    const { history, states, revision } = writeHistory(createRandom(seed), 12)
    const held = { revision, keys: states.get(revision) ?? {} }
    const { verdicts } = judge({ history, final: finalOf(held, held) }, standardCheckers)
    expect(verdicts.filter(({ verdict }) => verdict === 'invalid')).toEqual([])
  }
})

test('of all impossible final states none passes', () => {
  const counts = new Map<string, { states: number; passed: number }>()
  for (const seed of seeds) {
    const written = writeHistory(createRandom(seed), 12)
    const { history, states, revision } = written
    const truth = { revision, keys: states.get(revision) ?? {} }
    for (const [what, held] of impossibleStates(written)) {
      const count = counts.get(what) ?? { states: 0, passed: 0 }
      counts.set(what, count)
      // A single member, so that no other one shows the difference.
      const final = seed % 2 === 0 ? finalOf(held) : finalOf({ ...truth, revision }, held)
      const checkers = standardCheckers.filter(({ name }) => name !== 'convergence')
      const { verdicts } = judge({ history, final }, checkers)
      count.states++
      if (!verdicts.some(({ verdict }) => verdict === 'invalid')) count.passed++
    }
  }
  expect([...counts.values()].reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(1_500)
  expect([...counts].filter(([, { passed }]) => passed > 0)).toEqual([])
  expect(counts.size).toBe(16)
})

test('members that differ in a version, a creation or a lease alone have not converged', () => {
  const held = { value: 'v2', modRevision: 2, createRevision: 2, version: 1, lease: '0' }
  const history = writeHistory(createRandom(1), 1).history
  for (const change of [{ version: 2 }, { createRevision: 1 }, { lease: '7' }]) {
    const other = { revision: 2, keys: { a: { ...held, ...change } } }
    const final = finalOf({ revision: 2, keys: { a: held } }, other)
    expect(convergenceChecker.check({ history, final })).toMatchObject({ code: 'keys-differ' })
  }
})
