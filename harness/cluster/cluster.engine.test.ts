import { expect, test } from 'vitest'
import { done, notYet, poll } from '../core/poll.ts'
import { connectEngine } from '../engine/connect.ts'
import { startCluster } from './start.ts'
import { clusterPlan, defaultSpec, foundOf } from './testing/setup.ts'
import { cluster } from './testing/shared-cluster.ts'

test('a killed member comes back with its address, ports, data and log', async () => {
  const member = cluster.member('m2')
  const before = await identityOf('m2')
  const { memberId } = await member.status()
  await put('kept', 'through a kill')
  const logBefore = await member.logs()

  await member.kill()
  expect(await member.isRunning()).toBe(false)
  expect(await member.isHealthy()).toBe(false)
  await expect(member.status()).rejects.toThrow()

  await member.start()
  await cluster.untilHealthy()
  expect(await identityOf('m2')).toEqual(before)
  expect((await member.status()).memberId).toBe(memberId)
  expect(await read('kept', 'm2')).toBe('through a kill')
  expect(await member.logs()).toContain(logBefore)
})

test('a stopped member exits within its grace period, and starting twice is no error', async () => {
  const member = cluster.member('m3')
  const startedMs = performance.now()
  await member.stop(15_000)
  expect(performance.now() - startedMs).toBeLessThan(14_000)
  expect(await member.logs()).toMatch(/received signal/)
  await member.start()
  await member.start()
  await cluster.untilHealthy()
})

test('a paused member does not answer, and answers when it is resumed', async () => {
  const member = cluster.member('m1')
  await member.pause()
  await member.pause()
  expect(await member.isRunning()).toBe(true)
  expect(await member.isHealthy(300)).toBe(false)
  await expect(member.status(300)).rejects.toThrow('Waited 300 ms for an answer')
  await member.resume()
  await member.resume()
  await cluster.untilHealthy()
})

test('a paused member can be killed', async () => {
  const member = cluster.member('m1')
  await member.pause()
  await member.kill()
  expect(await member.isRunning()).toBe(false)
  await member.start()
  await cluster.untilHealthy()
})

test("a program runs in a member's network, and again in its new one after a restart", async () => {
  const member = cluster.member('m2')
  const listening = async () => (await member.inNetwork(['ss', '-lnt'])).stdout
  expect((await member.inNetwork(['ip', '-4', 'addr'])).stdout).toContain(`${member.address}/24`)
  expect(await listening()).toContain(':2380')
  await member.kill()
  await expect(member.inNetwork(['true'])).rejects.toThrow('network namespace is gone')
  await member.start()
  await cluster.untilHealthy()
  expect(await listening()).toContain(':2380')
  await member.kill()
  await member.start()
  await cluster.untilHealthy()
  expect(await listening()).toContain(':2380')
})

test('the leader and its followers are all members, and the leader names itself', async () => {
  const leader = await cluster.leader()
  const followers = await cluster.followers()
  const { memberId, leaderId } = await leader.status()
  expect(leaderId).toBe(memberId)
  expect([leader, ...followers].map(({ name }) => name).sort()).toEqual(['m1', 'm2', 'm3'])
})

test('a member is recreated with other flags and keeps its place, data and log', async () => {
  const member = cluster.member('m3')
  const before = await identityOf('m3')
  await put('kept', 'through a recreation')
  const logBefore = await member.logs()
  await member.recreate({ options: { 'quota-backend-bytes': '16777216' } })
  await cluster.untilHealthy()
  expect({ ...(await identityOf('m3')), containerId: before.containerId }).toEqual(before)
  expect(await read('kept', 'm3')).toBe('through a recreation')
  const log = await member.logs()
  expect(log.startsWith(logBefore.slice(0, 2_000))).toBe(true)
  expect(log).toContain('"quota-backend-bytes":16777216')
})

test('a member joins, is removed, and nothing of it stays', async () => {
  const address = cluster.reserveAddress('m4')
  await addMember('m4', `https://${address}:2380`)
  const joined = await cluster.startMember({ name: 'm4' })
  expect(joined.address).toBe(address)
  await cluster.untilHealthy()
  expect(await read('kept', 'm4')).toBe('through a recreation')

  const { memberId } = await joined.status()
  await (await cluster.leader()).etcdctl(['member', 'remove', memberId])
  await cluster.removeMember('m4')
  expect(() => cluster.member('m4')).toThrow('one of m1, m2, m3, got `m4`')
  await cluster.untilHealthy()
})

test('a snapshot is restored into the volume of a wiped member before it starts', async () => {
  await using other = await startCluster(
    clusterPlan({ spec: { ...defaultSpec, members: oneMember } }),
  )
  const only = other.member('m1')
  await only.etcdctl(['put', 'k', 'in the snapshot'])
  await only.etcdctl(['snapshot', 'save', '/snapshot.db'])
  await only.etcdctl(['put', 'k', 'after it'])
  const [snapshot] = await only.copyOut('/snapshot.db')
  const content = snapshot?.content ?? ''
  await only.recreate({
    wipeData: true,
    prepare: async (run) => {
      const files = [{ path: '/in.db', content, mode: 0o600 }]
      const argv = ['etcdutl', 'snapshot', 'restore', '/in.db', '--data-dir', only.dataDirectory]
      const restored = await run([...argv, '--name=m1', ...restoredCluster(only.address)], {
        files,
      })
      expect(restored.stderr).toContain('restored snapshot')
    },
  })
  await other.untilHealthy()
  const { stdout } = await only.etcdctl(['get', 'k', '--print-value-only'])
  expect(stdout.trim()).toBe('in the snapshot')
})

test('disposing a cluster leaves nothing of it', async () => {
  const plan = clusterPlan({ spec: { ...defaultSpec, members: oneMember } })
  const engine = await connectEngine()
  const one = await startCluster(plan)
  expect((await foundOf(engine, plan.runId)).length).toBe(3)
  await one[Symbol.asyncDispose]()
  expect(await foundOf(engine, plan.runId)).toEqual([])
})

/** etcd rejects it as "unhealthy cluster" until all have been connected for five seconds. */
async function addMember(name: string, peerUrl: string): Promise<void> {
  const leader = await cluster.leader()
  const add = async () => {
    const { stdout, stderr } = await leader.etcdctl([
      'member',
      'add',
      name,
      `--peer-urls=${peerUrl}`,
    ])
    return stdout.includes('added to cluster') ? done(stdout) : notYet(stderr)
  }
  await poll(add, { what: 'the member to be added', deadlineMs: 20_000, intervalMs: 500 })
}

const oneMember = defaultSpec.members.slice(0, 1)

function restoredCluster(address: string): string[] {
  const url = `https://${address}:2380`
  return [`--initial-cluster=m1=${url}`, `--initial-advertise-peer-urls=${url}`]
}

async function identityOf(name: string) {
  const { address, clientEndpoint, metricsEndpoint, containerId } = cluster.member(name)
  const { stdout } = await cluster
    .member(name)
    .inNetwork(['ip', '-4', '-br', 'addr', 'show', 'eth0'])
  const inside = /[\d.]+\/\d+/.exec(stdout)?.[0]
  return { address, clientEndpoint, metricsEndpoint, containerId, inside }
}

async function put(key: string, value: string): Promise<void> {
  const { exitCode, stderr } = await cluster.member('m1').etcdctl(['put', key, value])
  expect([exitCode, stderr]).toEqual([0, ''])
}

async function read(key: string, member: string): Promise<string> {
  const result = await cluster.member(member).etcdctl(['get', key, '--print-value-only'])
  return result.stdout.trim()
}
