import { expect, test } from 'vitest'
import * as etcd from '../../client/index.ts'
import { startCluster } from '../../cluster/start.ts'
import { clusterPlan, defaultSpec } from '../../cluster/testing/setup.ts'
import type { Cluster, Door, Member } from '../../cluster/types.ts'
import { formatProof } from '../../core/effect.ts'
import { done, poll } from '../../core/poll.ts'
import { observeEffect } from '../../scenario/drill/observe-effect.ts'
import { type DoorKind, doorTraits } from '../../topology/door.ts'
import type { Fault } from '../fault.ts'
import { isolateDoor } from './isolate-door.ts'
import { killDoor } from './kill-door.ts'
import { pauseDoor } from './pause-door.ts'

const { signal } = new AbortController()
const kinds = Object.keys(doorTraits) as DoorKind[]

test.each(kinds)(
  'the effect of each fault of a %s is observed, and none of one that does nothing',
  async (door) => {
    await using cluster = await startCluster(clusterPlan({ spec: { ...defaultSpec, door } }))
    const [target, other] = cluster.doors as [Door, Door, Door]
    for (const fault of [killDoor, pauseDoor, isolateDoor]) {
      expect(
        (await proofOf({ ...fault, inject: async () => async () => {} }, cluster, target)).observed,
      ).toBe(false)
      const proof = await proofOf(fault, cluster, target, async () => {
        await expect(target.status(500), fault.name).rejects.toThrow()
        expect((await other.status(5_000)).memberId).toMatch(/^[0-9a-f]+$/)
      })
      expect(proof.observed, `${fault.name}: ${formatProof(proof)}`).toBe(true)
      await poll(async () => done(await target.status(1_000)), {
        what: `${target.name} to let requests through again`,
        deadlineMs: 30_000,
      })
    }
  },
)

/** Of a fault that is undone, twice, afterwards. */
async function proofOf(
  fault: Fault,
  cluster: Cluster,
  door: Door,
  meanwhile: () => Promise<void> = async () => {},
) {
  const { name } = door
  const measure = await fault.probe(cluster, [name])
  // Members send a door that is cut off only what it has not acknowledged.
  using _watcher = watchThrough(cluster, door)
  const undo = await fault.inject(cluster, [name])
  await using _ = { [Symbol.asyncDispose]: undo }
  const proving = await observeEffect(measure, { isGradual: fault.isGradual === true, signal })
  await meanwhile()
  const proof = await proving.finish(3_000)
  await undo()
  return proof
}

/** A watcher behind the door, for which every member always has events: one of them serves it. */
function watchThrough(cluster: Cluster, door: Door): Disposable {
  const { credentials } = cluster
  const timeoutMs = 1_000
  const to = ({ name, clientEndpoint }: Member | Door) =>
    etcd.connectMember({ member: name, endpoint: clientEndpoint, credentials, timeoutMs })
  const [writer, reader] = [to(cluster.members[1] as Member), to(door)]
  const watching = etcd.watch(reader, { key: 'watched', end: 'watchee', startRevision: 1 })
  const read = async () => {
    for await (const _ of watching);
  }
  read().catch(() => {})
  const writing = setInterval(() => {
    etcd.put(writer, { key: 'watched', value: 'v' }).catch(() => {})
  }, 10)
  return {
    [Symbol.dispose]: () => {
      clearInterval(writing)
      watching.close()
      for (const client of [writer, reader]) client.close()
    },
  }
}
