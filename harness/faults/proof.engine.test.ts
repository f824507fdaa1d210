import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cluster } from '../cluster/testing/shared-cluster.ts'
import { formatProof } from '../core/effect.ts'
import { etcd, type Fault, faults, resolveImage, stderrLog } from '../index.ts'
import { observeEffect } from '../scenario/drill/observe-effect.ts'
import { at, clientOf } from './testing/setup.ts'

/** Those of the catalogue, and those that need more than targets. */
const all: readonly Fault[] = [
  ...faults.catalogue,
  faults.partition([['m1'], ['m2', 'm3']]),
  faults.destroy,
]

/** Some effects show only under load: a link that carries nothing loses nothing. */
const ending = new AbortController()
let load: Promise<unknown> = Promise.resolve()
beforeAll(() => {
  load = Promise.all(['m1', 'm2', 'm3'].map(putUntilEnd))
})
afterAll(async () => {
  ending.abort()
  await load
})

test.each(all)('$name that does nothing is observed to do nothing', async (fault) => {
  const targets = await targetsOf(fault)
  const measure = await fault.probe(cluster, targets)
  const proving = await observe(fault, measure)
  const proof = await proving.finish(1_500)
  expect(proof.observed, formatProof(proof)).toBe(false)
  expect(proof.measured.length).toBeGreaterThan(0)
})

test.each(all)('the effect of $name is observed while it is in force', async (fault) => {
  const targets = await targetsOf(fault)
  const measure = await fault.probe(cluster, targets)
  const undo = await fault.inject(cluster, targets)
  await using _ = { [Symbol.asyncDispose]: undo }
  const proof = await (await observe(fault, measure)).finish(15_000)
  expect(proof.observed, formatProof(proof)).toBe(true)
  await undo()
  for (const member of cluster.members) await member.start()
  await cluster.untilHealthy()
})

test('the effect of upgrade is another image, and an inert one has none', async () => {
  const choice = { version: '3.5.30', architecture: 'native', allowBuild: true } as const
  const { reference: image, version } = await resolveImage({ ...choice, log: stderrLog() })
  const upgrade = faults.upgrade({ image, version })
  const measure = await upgrade.probe(cluster, ['m2'])
  expect(await measure()).toMatchObject({ observed: false })
  const undo = await upgrade.inject(cluster, ['m2'])
  await using _ = { [Symbol.asyncDispose]: undo }
  expect(await measure()).toMatchObject({ observed: true })
})

const observe = (fault: Fault, measure: Awaited<ReturnType<Fault['probe']>>) =>
  observeEffect(measure, { isGradual: fault.isGradual === true, signal: ending.signal })

/** A follower, so that the cluster serves meanwhile; each group of a partition has its own. */
async function targetsOf({ needs, name }: Fault): Promise<string[]> {
  if (needs.targets === 'all') return cluster.members.map((member) => member.name)
  if (name === 'partition') return ['m1']
  return [at(await cluster.followers(), 0).name]
}

async function putUntilEnd(name: string): Promise<void> {
  const member = cluster.member(name)
  using client = clientOf(cluster, member, 1_000)
  for (let count = 0; !ending.signal.aborted; count++) {
    const value = 'x'.repeat(1_000)
    await etcd.put(client, { key: `load${count % 20}`, value }).catch(() => delay(50))
    await delay(5)
  }
}
