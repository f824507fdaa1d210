import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cluster, Member } from '../cluster/types.ts'
import { effects } from '../core/effect.ts'
import { InputError } from '../core/errors.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { capabilityNames } from '../engine/capabilities/capability.ts'
import { catalogue } from './catalogue.ts'
import { defineFault, forAll, idempotentUndo, injectOrUndo, nothingToUndo } from './define-fault.ts'
import {
  destroy,
  type Fault,
  failpointPanic,
  failpointSleep,
  flapping,
  isolateDoor,
  killDoor,
  loss,
  partition,
  pauseDoor,
  upgrade,
  upgradeAll,
} from './index.ts'
import { bothWays, outgoing } from './network/links.ts'

test('every fault of the catalogue has a name of its own, and needs what the doctor knows', () => {
  const names = catalogue.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(30)
  const known: readonly string[] = capabilityNames
  for (const { name, description, needs } of catalogue) {
    expect(description, name).toMatch(/^[a-z].{15,}[^.]$/)
    for (const capability of needs.capabilities ?? []) expect(known).toContain(capability)
  }
})

const failpoints = { names: [], seed: 1, chosen: new Map() }

const beyondCatalogue = [
  partition([['m1']]),
  upgrade({ image: 'an-image', version: '3.5.30' }),
  upgradeAll({ image: 'an-image', version: '3.5.30' }),
  destroy,
  failpointPanic(failpoints),
  failpointSleep(failpoints, 100),
  killDoor,
  pauseDoor,
  isolateDoor,
]

test('a fault that restarts its targets says so, one that leaves their processes alone does not', () => {
  const exits = (name: string) =>
    [...catalogue, ...beyondCatalogue].find((one) => one.name === name)?.exits ?? false
  for (const name of ['restart-with', 'upgrade', 'upgrade-all', 'slow-disk', 'flip-wal-bit']) {
    expect(exits(name), name).toBe(true)
  }
  for (const name of [
    'move-leader',
    'compact',
    'rotate-certificates',
    'grow',
    'pause',
    'isolate',
  ]) {
    expect(exits(name), name).toBe(false)
  }
})

test('the page of faults has one row a fault, with its effect, a proof and a test that exists', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/FAULTS.md'), 'utf8')
  const row = /^\| `(\S+)` \| `(\w+)` \| .+ \| (.+) \| `(\S+\.engine\.test\.ts)` \|$/gm
  const rows = [...page.matchAll(row)].map(([, name, effect, , file = '']) => {
    expect(existsSync(join(import.meta.dirname, file)), file).toBe(true)
    return `${name} ${effect}`
  })
  const expected = [...catalogue, ...beyondCatalogue].map(({ name, effect }) => `${name} ${effect}`)
  expect(rows.toSorted()).toEqual(expected.toSorted())
})

test('every effect has a fault, and the page says what it means', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/FAULTS.md'), 'utf8')
  expect(new Set(catalogue.map(({ effect }) => effect))).toEqual(new Set(effects))
  for (const effect of effects) expect(page).toContain(`| \`${effect}\` | `)
})

test('a fault of the catalogue that destroys data is aimed at fewer than half of the members', () => {
  const destroying = catalogue.filter(({ destroysData }) => destroysData)
  expect(destroying.length).toBeGreaterThan(5)
  for (const { name, needs } of destroying) {
    expect(['one', 'minority'], name).toContain(needs.targets)
  }
})

test('a fault rejects targets that it cannot have, and does nothing', async () => {
  const done: string[] = []
  const fault = faultWith({ targets: 'minority', minMembers: 3 }, async (_, targets) => {
    done.push(targets.map(({ name }) => name).join(' '))
    return nothingToUndo()
  })
  const rejectionOf = async (names: readonly string[], count = 5) =>
    fault.inject(clusterOf(count), names).then(
      () => 'accepted',
      (thrown: Error) => (thrown instanceof InputError ? thrown.message : `${thrown}`),
    )
  expect(await rejectionOf(['m1'], 2)).toContain('at least 3 members')
  expect(await rejectionOf([])).toContain('a target')
  expect(await rejectionOf(['m1', 'm2', 'm3'])).toContain('a minority, got 3 of 5')
  expect(await rejectionOf(['m2', 'm2', 'm2'])).toBe('accepted')
  expect(done).toEqual(['m2'])
})

test('a fault of the disk rejects a target whose data is in memory', async () => {
  const fault = faultWith({ volume: 'disk' }, async () => nothingToUndo())
  const cluster = clusterOf(3)
  const inMemory = { settings: { resources: { dataTmpfsBytes: 1 } } }
  Object.assign(cluster.member('m1'), inMemory)
  Object.assign(cluster.member('m2'), { settings: {} })
  await expect(fault.inject(cluster, ['m2', 'm1'])).rejects.toThrow('that of m1 in memory')
  await expect(fault.inject(cluster, ['m2'])).resolves.toBeTypeOf('function')
})

test('an undo works once, shares its work, and may be tried again after a failure', async () => {
  let calls = 0
  const undo = idempotentUndo(async () => {
    calls++
    if (calls === 1) throw new Error('not yet')
  })
  await expect(Promise.all([undo(), undo()])).rejects.toThrow('not yet')
  expect(calls).toBe(1)
  await undo()
  await undo()
  expect(calls).toBe(2)
})

test('an inject that fails half-way is undone, after all that it began has ended', async () => {
  const events: string[] = []
  const act = async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    events.push(`harmed ${ms}`)
    if (ms === 1) throw new Error('one fails')
  }
  const undo = idempotentUndo(async () => {
    events.push('undone')
  })
  await expect(injectOrUndo(() => forAll([20, 1], act), undo)).rejects.toThrow('one fails')
  expect(events).toEqual(['harmed 1', 'harmed 20', 'undone'])
})

test('links go from targets to others, and between all when all are targets', () => {
  const cluster = clusterOf(3)
  const [m1] = cluster.members
  const named = (links: ReturnType<typeof outgoing>) =>
    links.map(({ from, to }) => `${from.name}${to.name}`).join(' ')
  expect(named(outgoing(cluster, m1 === undefined ? [] : [m1]))).toBe('m1m2 m1m3')
  expect(named(bothWays(cluster, m1 === undefined ? [] : [m1]))).toBe('m1m2 m1m3 m2m1 m3m1')
  expect(named(bothWays(cluster, cluster.members))).toBe('m1m2 m1m3 m2m1 m2m3 m3m1 m3m2')
})

test('figures that make no fault are rejected', async () => {
  expect(() => loss(0)).toThrow('`probability`')
  expect(() => loss(1)).toThrow('`probability`')
  const twice = partition([['m1'], ['m1', 'm2']])
  await expect(twice.inject(clusterOf(3), ['m1'])).rejects.toThrow('in one group')
})

test('a turn of flapping that fails while all members run is undone, and undo throws it once', async () => {
  let injected = 0
  let inForce = 0
  const failing = faultWith({}, async () => {
    injected++
    if (injected === 2) throw new Error('the second fails')
    inForce++
    return idempotentUndo(async () => {
      inForce--
    })
  })
  const undo = await flapping(failing, { onMs: 1, offMs: 1, times: 9 }).inject(clusterOf(3), ['m1'])
  await poll(() => (injected === 2 ? done(undefined) : notYet(`${injected} turns`)), {
    what: 'the turn that fails',
    deadlineMs: 60_000,
  })
  await expect(undo()).rejects.toThrow('the second fails')
  await undo()
  expect([injected, inForce]).toEqual([2, 0])
})

function faultWith(needs: Fault['needs'], inject: Parameters<typeof defineFault>[0]['inject']) {
  return defineFault({
    name: 'tried',
    description: 'is tried',
    effect: 'stops',
    needs,
    probe: async () => async () => ({ observed: true, expected: 'nothing', measured: [] }),
    inject,
  })
}

/** As much of a cluster as faults look at before they touch anything. */
function clusterOf(count: number): Cluster {
  const members = Array.from({ length: count }, (_, index) => ({
    name: `m${index + 1}`,
    isRunning: async () => true,
  })) as unknown as Member[]
  const member = (name: string) => members.find((one) => one.name === name)
  return { members, member } as unknown as Cluster
}
