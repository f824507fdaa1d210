import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import * as etcd from '../../client/index.ts'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import type { Member } from '../../cluster/types.ts'
import * as faults from '../index.ts'
import { at, clientOf, inForce, nextLog, put, undoTwice, untilGone } from '../testing/setup.ts'

beforeAll(async () => {
  for (let key = 0; key < 20; key++) await put(cluster, writer(), `k${key}`, `value of k${key}`)
})

/** First: only a member that was there from the start is recognized. */
test('a wiped member is not let in again as if it were new', async () => {
  const member = at(cluster.members, 2)
  const { memberId } = await member.status()
  const logged = await nextLog(member)
  await using fault = await inForce(faults.wipeData, cluster, member)
  await untilGone(member)
  await logged(/has already been bootstrapped/)
  await undoTwice(fault.undo, cluster)
  expect((await member.status()).memberId).not.toBe(memberId)
  await expectEqualHashes()
})

test('a slow disk makes fsync slow, by etcd’s own figures', async () => {
  const member = at(cluster.members, 2)
  await using fault = await inForce(faults.slowDisk({ writeOpsPerS: 10 }), cluster, member)
  await cluster.untilHealthy()
  const slow = await fsyncMs(member)
  expect(slow).toBeGreaterThan(50)
  await undoTwice(fault.undo, cluster)
  expect(await fsyncMs(member)).toBeLessThan(slow / 2)
})

test('a full volume ends etcd with ENOSPC, and no data is lost with it', async () => {
  const member = at(cluster.members, 2)
  const { memberId } = await member.status()
  const logged = await nextLog(member)
  await using fault = await inForce(faults.fullVolume, cluster, member)
  for (let count = 0; count < 40 && (await member.isRunning()); count++) {
    await put(cluster, writer(), `fill${count}`, 'x'.repeat(100_000))
    await delay(50)
  }
  await untilGone(member)
  await logged(/no space left on device/)
  await undoTwice(fault.undo, cluster)
  expect((await member.status()).memberId).toBe(memberId)
  await expectEqualHashes()
})

test('a read-only volume ends etcd at its start', async () => {
  const member = at(cluster.members, 2)
  const logged = await nextLog(member)
  await using fault = await inForce(faults.readOnlyVolume, cluster, member)
  await untilGone(member)
  await logged(/read-only file system/)
  await undoTwice(fault.undo, cluster)
})

test('a torn write-ahead log is repaired or rejected, never ignored', async () => {
  const member = at(cluster.members, 2)
  const { memberId } = await member.status()
  const logged = await nextLog(member)
  await using fault = await inForce(faults.truncateWal(), cluster, member)
  expect(fault.undo.detail).toMatch(/m3: \S+\.wal cut at \d+, within record \d+ of \d+/)
  await logged(/repaired|unexpected EOF|tocommit/i)
  await undoTwice(fault.undo, cluster)
  expect((await member.status()).memberId).not.toBe(memberId)
  await expectEqualHashes()
})

test('a flipped bit of the write-ahead log is found by its checksum', async () => {
  const member = at(cluster.members, 2)
  const logged = await nextLog(member)
  await using fault = await inForce(faults.flipWalBit({ seed: 3 }), cluster, member)
  expect(fault.undo.detail).toMatch(/bit \d of byte \d+ flipped/)
  await untilGone(member)
  await logged(/crc mismatch|failed to (open|read) WAL/i)
  await undoTwice(fault.undo, cluster)
  await expectEqualHashes()
})

test('a flipped bit of the database is served as if it were right, and its hash is another', async () => {
  const member = at(cluster.members, 2)
  await using fault = await inForce(
    faults.flipDatabaseBits({ values: 1, seed: 5 }),
    cluster,
    member,
  )
  const key = /value of (\S+)$/.exec(fault.undo.detail ?? '')?.[1] ?? ''
  await cluster.untilHealthy()
  expect(await valueAt(writer(), key)).not.toBe('')
  expect(await valueAt(member, key)).not.toBe(await valueAt(writer(), key))
  expect(new Set(await hashes()).size).toBe(2)
  await undoTwice(fault.undo, cluster)
  expect(await valueAt(member, key)).toBe(await valueAt(writer(), key))
  await expectEqualHashes()
})

test('a rolled back member has forgotten what it had accepted', async () => {
  const member = at(cluster.members, 2)
  const writing = writeUntilStopped()
  await using _ = { [Symbol.asyncDispose]: writing.stop }
  const before = (await member.status()).raftIndex
  const logged = await nextLog(member)
  await using fault = await inForce(faults.rollBackData({ entries: 5 }), cluster, member)
  await writing.stop()
  expect(fault.undo.detail).toBe('m3: an older copy')
  // It had more than that on its disk: a member that finds less has gone back.
  expect((await writer().status()).raftIndex).toBeGreaterThan(before + 5)
  await logged(/tocommit\(\d+\) is out of range|loaded raft log|restarting local member/)
  await undoTwice(fault.undo, cluster)
  await expectEqualHashes()
})

test('a wiped member that is let in again has its old identity and an empty disk', async () => {
  const member = at(cluster.members, 2)
  const { memberId } = await member.status()
  const logged = await nextLog(member)
  await using fault = await inForce(faults.wipeDataRejoining, cluster, member)
  const log = await logged(new RegExp(`"local-member-id":"${memberId}"`))
  expect(log).toContain(memberId)
  await undoTwice(fault.undo, cluster)
  await expectEqualHashes()
})

test('damage is rejected for half of the members or more', async () => {
  await expect(faults.wipeData.inject(cluster, ['m1', 'm2'])).rejects.toThrow(
    'a minority, got 2 of 3',
  )
  await expect(faults.wipeData.inject(cluster, [])).rejects.toThrow('a target, got 0 of 3')
  await cluster.untilHealthy()
})

/** One that no test of this file harms. */
function writer(): Member {
  return at(cluster.members, 0)
}

/** The mean fsync of the write-ahead log, over some puts, as the member measured it itself. */
async function fsyncMs(member: Member): Promise<number> {
  const read = async () => {
    const text = await (await fetch(`${member.metricsEndpoint}/metrics`)).text()
    const of = (name: string) =>
      Number(new RegExp(`^etcd_disk_wal_fsync_duration_seconds_${name} (.+)$`, 'm').exec(text)?.[1])
    return { sum: of('sum'), count: of('count') }
  }
  const before = await read()
  for (let key = 0; key < 6; key++) await put(cluster, member, `fsync${key}`, 'x')
  const after = await read()
  expect(after.count - before.count).toBeGreaterThan(2)
  return (1_000 * (after.sum - before.sum)) / (after.count - before.count)
}

async function valueAt(member: Member, key: string): Promise<string> {
  using client = clientOf(cluster, member)
  const { kvs } = await etcd.range(client, { key, serializable: true })
  return kvs[0]?.value ?? ''
}

/** Of every member at one revision. */
async function hashes(): Promise<number[]> {
  const { revision } = await writer().status()
  return Promise.all(
    cluster.members.map(async (member) => {
      using client = clientOf(cluster, member)
      await etcd.range(client, { key: 'k0' })
      return (await etcd.hashKV(client, revision)).hash
    }),
  )
}

async function expectEqualHashes(): Promise<void> {
  expect(new Set(await hashes()).size).toBe(1)
}

function writeUntilStopped() {
  const ending = new AbortController()
  const writing = (async () => {
    for (let count = 0; !ending.signal.aborted; count++) {
      await put(cluster, writer(), `written${count % 50}`, String(count))
      await delay(20)
    }
  })()
  writing.catch(() => {})
  return {
    stop: async () => {
      ending.abort()
      await writing
    },
  }
}
