import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import type { Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import * as faults from '../index.ts'
import { at, inForce, putMs, undoTwice } from '../testing/setup.ts'
import { arriving, connections, roundTrip, traces, transferMs } from '../testing/wire.ts'

test('an isolated leader exchanges nothing with its peers, and its clients still reach it', async () => {
  const leader = await cluster.leader()
  const [one, other] = await pair(leader)
  await using fault = await inForce(faults.isolate, cluster, leader)
  expect(await bothWays(leader, one)).toEqual([0, 0])
  expect(await bothWays(one, other)).toEqual([20, 20])
  expect((await leader.status()).memberId).not.toBe('')
  await poll(
    async () =>
      (await one.status()).leaderId === (await other.status()).leaderId &&
      ![null, (await leader.status()).memberId].includes((await one.status()).leaderId)
        ? done(undefined)
        : notYet('the old leader'),
    { what: 'the others to elect one of themselves', deadlineMs: 15_000 },
  )
  await undoTwice(fault.undo, cluster)
  expect(await bothWays(leader, one)).toEqual([20, 20])
  await expectNoTraces()
})

test('packets are dropped one way only, the other way they arrive', async () => {
  const [one, other] = members()
  for (const [fault, expected] of [
    [faults.dropOutgoing, [0, 20]],
    [faults.dropIncoming, [20, 0]],
  ] as const) {
    await using injected = await inForce(fault, cluster, one)
    expect(await bothWays(one, other), fault.name).toEqual(expected)
    await injected.undo()
    expect(await bothWays(one, other), fault.name).toEqual([20, 20])
  }
  await cluster.untilHealthy()
})

test('a partition cuts between its groups and not within them', async () => {
  const [m1, m2, m3] = members()
  await using fault = await inForce(faults.partition([['m1'], ['m2', 'm3']]), cluster, m1)
  expect(await bothWays(m1, m2)).toEqual([0, 0])
  expect(await bothWays(m1, m3)).toEqual([0, 0])
  expect(await bothWays(m2, m3)).toEqual([20, 20])
  await undoTwice(fault.undo, cluster)
  expect(await bothWays(m1, m2)).toEqual([20, 20])
})

test('two faults of one kind on one member are undone one by one', async () => {
  const [m1, m2, m3] = members()
  await using first = await inForce(faults.partition([['m1', 'm3'], ['m2']]), cluster, m2)
  await using second = await inForce(faults.isolate, cluster, m1)
  await first.undo()
  await first.undo()
  expect(await bothWays(m1, m2)).toEqual([0, 0])
  expect(await bothWays(m2, m3)).toEqual([20, 20])
  await undoTwice(second.undo, cluster)
})

test('packets are lost with the given probability, both ways', async () => {
  const [one, other] = members()
  await using fault = await inForce(faults.loss(0.5), cluster, one)
  // 400 drawn at 0.5: six standard deviations are 60.
  for (const arrived of await bothWays(one, other, 400)) {
    expect(arrived).toBeGreaterThan(140)
    expect(arrived).toBeLessThan(260)
  }
  await undoTwice(fault.undo, cluster)
  expect(await bothWays(one, other)).toEqual([20, 20])
})

test('reset connections are new ones afterwards, with the same processes', async () => {
  const [one, other] = members()
  const before = await connections(one, other)
  expect(before.length).toBeGreaterThan(1)
  await using fault = await inForce(faults.resetConnections, cluster, one)
  expect(fault.undo.detail).toMatch(/^\d+ connections reset$/)
  const after = await poll(
    async () => {
      const now = await connections(one, other)
      return now.length > 1 ? done(now) : notYet(`${now.length} connections`)
    },
    { what: 'the peers to connect again', deadlineMs: 10_000 },
  )
  expect(after.filter((connection) => before.includes(connection))).toEqual([])
  await undoTwice(fault.undo, cluster)
})

test('refused connections are answered with a reset, at once', async () => {
  const [one, other] = members()
  await using fault = await inForce(faults.refuseConnections, cluster, one)
  expect(await roundTrip(cluster, one, other)).toBe('ConnectionRefusedError')
  expect(await roundTrip(cluster, other, one)).toBe('ConnectionRefusedError')
  expect((await one.status()).memberId).not.toBe('')
  await undoTwice(fault.undo, cluster)
  expect(await roundTrip(cluster, one, other)).toBeLessThan(1_000)
})

test('a delayed leader commits that much later, by proxy, and none of it is left', async () => {
  await expectLatency('proxy')
})

test('a delayed leader commits that much later, by netem', async (context) => {
  const probe = ['sh', '-c', 'tc qdisc add dev lo root netem delay 0ms && tc qdisc del dev lo root']
  const { exitCode } = await cluster.member('m1').inNetwork(probe)
  context.skip(exitCode !== 0, 'this kernel has no netem: not proved here')
  await expectLatency('netem')
})

test('latency without a given way reports the way that it took', async () => {
  await using fault = await inForce(
    faults.latency({ delayMs: 20, jitterMs: 10 }),
    cluster,
    at(members(), 0),
  )
  expect(['netem', 'proxy']).toContain(fault.undo.detail)
  await undoTwice(fault.undo, cluster)
})

test('what a member sends to its peers is limited in bytes per second, and nothing else', async () => {
  const [one, other] = members()
  const bytes = 300_000
  expect(await transferMs(one, other, bytes)).toBeLessThan(1_000)
  await using fault = await inForce(faults.bandwidth(100_000), cluster, one)
  const tookMs = await transferMs(one, other, bytes)
  expect(tookMs).toBeGreaterThan(2_400)
  expect(tookMs).toBeLessThan(6_000)
  expect(await transferMs(other, one, bytes)).toBeLessThan(1_000)
  await expect(faults.bandwidth(50_000).inject(cluster, [one.name])).rejects.toThrow('exit')
  expect(await transferMs(one, other, bytes)).toBeGreaterThan(2_400)
  await undoTwice(fault.undo, cluster)
  expect(await transferMs(one, other, bytes)).toBeLessThan(1_000)
  await expectNoTraces()
})

test('a flapping link comes and goes, and never again once it is undone', async () => {
  const [one, other] = members()
  const flapping = faults.flapping(faults.isolate, { onMs: 500, offMs: 500, times: 100 })
  await using fault = await inForce(flapping, cluster, one)
  const seen = new Set<number>()
  const untilMs = performance.now() + 15_000
  while (performance.now() < untilMs && !(seen.has(0) && seen.has(20))) {
    seen.add(await arriving(one, other))
  }
  expect([...seen]).toEqual(expect.arrayContaining([0, 20]))
  await undoTwice(fault.undo, cluster)
  const untilQuietMs = performance.now() + 1_500
  while (performance.now() < untilQuietMs) {
    expect(await arriving(one, other)).toBe(20)
    await delay(50)
  }
  await expectNoTraces()
})

test('flapping ends after its turns', async () => {
  const [one] = members()
  const flapping = faults.flapping(faults.dropIncoming, { onMs: 20, offMs: 20, times: 2 })
  await using fault = await inForce(flapping, cluster, one)
  await poll(async () => ((await traces(one)) === '' ? done(undefined) : notYet('in force')), {
    what: 'two turns to pass',
    deadlineMs: 15_000,
    intervalMs: 200,
  })
  await undoTwice(fault.undo, cluster)
})

test('a restarted member stays cut off, and undoing works on whatever is there then', async () => {
  const [one, other, third] = members()
  await using isolated = await inForce(faults.isolate, cluster, one)
  await using delayed = await inForce(faults.latency({ delayMs: 20, way: 'proxy' }), cluster, other)
  await one.kill()
  await one.start()
  await third.kill()
  expect(await arriving(one, other)).toBe(0)
  await isolated.undo()
  await delayed.undo()
  await third.start()
  await undoTwice(isolated.undo, cluster)
  await undoTwice(delayed.undo, cluster)
  expect(await bothWays(one, other)).toEqual([20, 20])
  await expectNoTraces()
})

async function expectLatency(way: 'netem' | 'proxy'): Promise<void> {
  const leader = await cluster.leader()
  const [one] = await pair(leader)
  const delayMs = 150
  const before = { putMs: await putMs(cluster, leader), tripMs: await trip(leader, one) }
  await using fault = await inForce(faults.latency({ delayMs, way }), cluster, leader)
  expect(fault.undo.detail).toBe(way)
  await cluster.untilHealthy()
  const during = { putMs: await putMs(cluster, leader), tripMs: await trip(leader, one) }
  expect(during.putMs - before.putMs).toBeGreaterThan(0.9 * delayMs)
  expect(during.putMs - before.putMs).toBeLessThan(2 * delayMs)
  expect(during.tripMs - before.tripMs).toBeGreaterThan(0.9 * delayMs)
  expect((await trip(one, leader)) - before.tripMs).toBeGreaterThan(0.9 * delayMs)
  await undoTwice(fault.undo, cluster)
  expect(await putMs(cluster, await cluster.leader())).toBeLessThan(0.7 * delayMs)
  expect(await trip(leader, one)).toBeLessThan(0.7 * delayMs)
  await expectNoTraces()
}

async function trip(from: Member, to: Member): Promise<number> {
  return Number(await roundTrip(cluster, from, to))
}

async function bothWays(one: Member, other: Member, sent = 20): Promise<number[]> {
  return [await arriving(one, other, sent), await arriving(other, one, sent)]
}

async function expectNoTraces(): Promise<void> {
  for (const member of cluster.members) expect(await traces(member), member.name).toBe('')
}

function members(): [Member, Member, Member] {
  const { members: all } = cluster
  return [at(all, 0), at(all, 1), at(all, 2)]
}

async function pair(leader: Member): Promise<[Member, Member]> {
  const others = cluster.members.filter((member) => member !== leader)
  return [at(others, 0), at(others, 1)]
}
