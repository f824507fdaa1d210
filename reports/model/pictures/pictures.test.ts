import { expect, test } from 'vitest'
import type { FinalState, Verdict } from '../../../harness/checkers/checker.ts'
import { durabilityChecker } from '../../../harness/checkers/durability.ts'
import { leaseChecker } from '../../../harness/checkers/lease.ts'
import { operations } from '../../../harness/history/join.ts'
import type { LeaseEntry } from '../../../harness/history/logs/lease.ts'
import { type HistoryEvent, isFault } from '../../../harness/history/operations.ts'
import { bareScenario, faultEvent, nsOf } from '../../testing/saved-history.ts'
import { timeAxisOf } from '../timeline/time-axis.ts'
import { durabilityPicture } from './durability.ts'
import { leasePicture } from './lease.ts'
import type { Picture } from './picture.ts'

const header = { format: 'gauntlet-history/1', model: 'etcd' } as const

const savedOf = (events: readonly HistoryEvent[]) => ({
  events,
  operations: operations({ events }),
  faults: events.filter(isFault),
})

/** The bars of each lane; `!` = the culprit. */
const lanesOf = (picture: Picture | undefined) =>
  picture?.rows.map(({ name, bars }) => [
    name,
    ...bars.map(({ words, result, isCulprit }) =>
      [...words, '→', result, ...(isCulprit ? ['!'] : [])].join(' '),
    ),
  ])

const culprits = (picture: Picture | undefined) =>
  picture?.rows.flatMap(({ bars }) => bars).filter(({ isCulprit }) => isCulprit).length

function put(key: string, value: string, revision: number): HistoryEvent[] {
  const of = { process: 0, f: 'put', key }
  return [
    { type: 'invoke', ...of, value, timeNs: revision },
    { type: 'ok', ...of, revision, timeNs: revision },
  ]
}

const events = [...put('a', '1', 2), ...put('b', '2', 3), ...put('a', '3', 4)]

function judgeFinal(...held: { revision: number; keys: FinalState['members'][number]['keys'] }[]) {
  const members = held.map((one, at) => {
    return { member: `m${at + 1}`, ...one, hash: null, hashRevision: one.revision }
  })
  const final = { members }
  const verdict = durabilityChecker.check({ history: { header, events }, final })
  const history = savedOf(events)
  const axis = timeAxisOf(bareScenario(), history)
  return durabilityPicture(verdict, history, { saved: { final, lines: [] }, axis })
}

const a = { value: '3', modRevision: 4 }
const b = { value: '2', modRevision: 3 }

test('of a key that a member does not hold at all, every write is missing', () => {
  const picture = judgeFinal({ revision: 4, keys: { a, b } }, { revision: 4, keys: { a } })
  expect(picture?.subject).toBe('b')
  expect(lanesOf(picture)).toEqual([
    ['writes', 'put 2 → rev 3'],
    ['m1', 'holds 2 → modRevision 3'],
    ['m2', 'lacks 1 acknowledged write → lost; holds no such key !'],
  ])
})

test('a member that lacks writes of another key is right in the picture of this one', () => {
  const picture = judgeFinal({ revision: 4, keys: { b } }, { revision: 4, keys: { a } })
  expect(picture?.subject).toBe('a')
  expect(lanesOf(picture)?.slice(1)).toEqual([
    ['m1', 'lacks 2 acknowledged writes → lost; holds no such key !'],
    ['m2', 'holds 3 → modRevision 4'],
  ])
  expect(picture?.table?.rows.map(([member, key]) => [member, key])).toEqual([
    ['m1', 'a'],
    ['m2', 'b'],
  ])
})

test('a value that nobody wrote is red over all writes of its key', () => {
  const picture = judgeFinal({ revision: 4, keys: { a: { value: 'x', modRevision: 4 }, b } })
  expect(lanesOf(picture)?.[1]).toEqual([
    'm1',
    'holds x → modRevision 4: no recorded operation wrote it !',
  ])
  expect(picture?.notes.at(-1)).toBe('Red: what no recorded operation leaves.')
})

test('a store that went back is shown with the writes of any key that it lacks', () => {
  const back = { revision: 3, keys: { a: { value: '1', modRevision: 2 }, b } }
  const lanes = lanesOf(judgeFinal({ revision: 4, keys: { a, b } }, back))
  expect(lanes?.[2]).toEqual([
    'm2',
    'holds 1 → modRevision 2',
    'lacks 1 acknowledged write → lost !',
  ])
  const facts = { members: ['m2'], writes: [4], lost: [4], lostFound: 1 }
  const violation = { code: 'revision-lost', partition: 'store', revision: 3, ...facts }
  const history = savedOf(events)
  const axis = timeAxisOf(bareScenario(), history)
  const evidence = { violations: [violation] }
  const picture = durabilityPicture({ checker: 'durability', evidence }, history, {
    saved: undefined,
    axis,
  })
  expect(picture?.subject).toBeUndefined()
  expect(lanesOf(picture)).toEqual([
    ['writes', 'put a 3 → rev 4'],
    ['m2', 'lacks 1 acknowledged write → lost; holds revision 3 !'],
  ])
})

const lease = { process: 9, lease: '7' }
const asked = (f: 'grant' | 'keepalive', atS: number, ttlS: number): LeaseEntry[] => [
  {
    type: 'invoke',
    ...lease,
    f,
    member: 'm2',
    timeNs: nsOf(atS),
    ...(f === 'grant' && { ttlS: 3 }),
  },
  { type: 'ok', ...lease, f, ttlS, timeNs: nsOf(atS + 0.01) },
]

function judgeLease(entries: LeaseEntry[], more: readonly HistoryEvent[] = []) {
  const of = { process: 1, f: 'put', key: 'k', lease: '7' }
  const both: HistoryEvent[] = [
    { type: 'invoke', ...of, value: 'v', timeNs: nsOf(1.1) },
    { type: 'ok', ...of, timeNs: nsOf(1.2) },
    ...more,
  ]
  const log = { header: { format: 'gauntlet-lease/1', slackMs: 1_000 } as const, entries }
  const verdict: Verdict = leaseChecker.check({ history: { header, events: both }, leases: log })
  const history = savedOf(both)
  return leasePicture(verdict, history, { log, axis: timeAxisOf(bareScenario(), history) })
}

const get = (atS: number, value: string | null): HistoryEvent[] => [
  { type: 'invoke', process: 2, f: 'get', key: 'k', timeNs: nsOf(atS) },
  { type: 'ok', process: 2, f: 'get', key: 'k', value, timeNs: nsOf(atS + 0.01) },
]

test('a wrong answer about a lease is red among the requests of the lease', () => {
  const picture = judgeLease([
    ...asked('grant', 1, 3),
    ...asked('keepalive', 2, 2),
    ...asked('keepalive', 3, 3),
    ...asked('keepalive', 4, 3),
  ])
  expect(lanesOf(picture)).toEqual([
    ['lease', 'grant 3 s → 3 s', 'keepalive → 2 s !', 'keepalive → 3 s'],
  ])
})

test('a key that stays is shown since when it had to be gone, beside the faults', () => {
  const fault = [faultEvent('cuts', 'begin', 2), faultEvent('cuts', 'end', 3)]
  const picture = judgeLease(asked('grant', 1, 3), [...fault, ...get(2.5, 'v'), ...get(9, 'v')])
  expect(lanesOf(picture)).toEqual([
    ['faults', 'fault-cuts m1 → 2.00 s to 3.00 s'],
    ['lease', 'grant 3 s → 3 s'],
    ['had to be', 'gone → since 7.00 s'],
    ['k', 'put v → ok', 'get → there', 'get → there !'],
  ])
  expect(culprits(picture)).toBe(1)
  const ticks = picture?.ticks.map(({ text }) => text)
  expect(ticks).toEqual(expect.arrayContaining(['1.00 s', '2.00 s', '7.00 s', '9.00 s']))
})
