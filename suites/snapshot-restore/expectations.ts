import { type Drill, done, etcd, type Member, notYet } from '../../harness/index.ts'
import { differences, lossAfter, stateAt } from './expected-state.ts'

/** Prefix of keys beside the workload's; they are in the history only when `attempt` wrote them. */
export const besidesPrefix = 'beside/'

/**
 * Every key, by a linearizable read through one member (or of its own store alone), as of a past
 * revision if given.
 */
export async function readStore(
  client: etcd.MemberClient,
  options: Pick<etcd.RangeRequest, 'atRevision' | 'serializable'> = {},
): Promise<etcd.KeyValue[]> {
  const request = { key: '\0', end: '\0', ...options }
  const { kvs } = await etcd.range(client, request, { timeoutMs: 10_000 })
  return [...kvs]
}

/** Every member has every key as of the snapshot's revision and none after. */
export async function expectAsOf(drill: Drill, revision: number): Promise<void> {
  const expected = stateAt(drill.history(), revision)
  for (const member of drill.cluster.members) {
    const found = await readStore(drill.client(member))
    const own = found.filter(({ key }) => !key.startsWith(besidesPrefix) || expected.known.has(key))
    const wrong = differences(expected, own)
    drill.expect(
      'restored-keys-as-of-snapshot',
      `${member.name} holds every key as of revision ${revision} and none after`,
      wrong.length === 0,
      `${wrong.length} differences: ${wrong.slice(0, 3).join('; ')}`,
    )
  }
}

/** The same keys with every field as the old cluster had at that revision. */
export async function expectSameRows(
  drill: Drill,
  before: readonly etcd.KeyValue[],
): Promise<void> {
  const [member] = drill.cluster.members
  const found = member === undefined ? [] : await readStore(drill.client(member))
  const [was, is] = [before, found].map((rows) => new Set(rows.map((row) => JSON.stringify(row))))
  const missing = [...(was ?? [])].filter((row) => is?.has(row) !== true)
  drill.expect(
    'restored-rows-are-whole',
    'the restored keys have their values, revisions, versions and leases',
    missing.length === 0 && was?.size === is?.size,
    `${is?.size} rows of ${was?.size}, first difference ${missing[0]}`,
  )
}

/**
 * Every member has the past that the old cluster had at that revision: the current keys alone would hide
 * a page of the snapshot that was damaged before its hash was taken. Not judged where a compaction came
 * between.
 */
export async function expectSameHash(
  drill: Drill,
  { revision, before }: { readonly revision: number; readonly before: etcd.KeyspaceHash },
): Promise<void> {
  for (const member of drill.cluster.members) {
    const { hash, compactRevision } = await etcd.hashKV(drill.client(member), revision)
    if (compactRevision !== before.compactRevision) continue
    drill.expect(
      'restored-past-is-whole',
      `${member.name} has the hash that the old cluster had at revision ${revision}`,
      hash === before.hash,
      `${hash}, not ${before.hash}`,
    )
  }
}

/** Every member reports the same hash of all keys. */
export async function expectOneState(drill: Drill): Promise<void> {
  const { members } = drill.cluster
  const hashes = await drill.becomes(
    'restored-members-converge',
    'the restored members to reach one revision',
    async () => {
      const all = await Promise.all(members.map((member) => etcd.hashKV(drill.client(member))))
      const revisions = new Set(all.map(({ revision }) => revision))
      return revisions.size === 1 ? done(all) : notYet(`revisions ${[...revisions].join(', ')}`)
    },
  )
  const different = new Set(hashes.map(({ hash }) => hash)).size
  drill.expect(
    'restored-members-agree',
    'the restored members report one hash',
    different === 1,
    `${different} different hashes`,
  )
  // A hash is a member's word about its keys.
  const atRevision = hashes[0]?.revision ?? 0
  const stores = members.map(async (member) =>
    JSON.stringify(await readStore(drill.client(member), { atRevision, serializable: true })),
  )
  const contents = new Set(await Promise.all(stores)).size
  drill.expect(
    'restored-members-hold-same-keys',
    'the restored members hold the same keys',
    contents === 1,
    `${contents} different stores at revision ${atRevision}`,
  )
}

/** Every member accepts a write, and a read through another member returns it. */
export async function expectServes(drill: Drill): Promise<void> {
  const { members } = drill.cluster
  for (const [index, member] of members.entries()) {
    const other = members[(index + 1) % members.length] as Member
    const key = `${besidesPrefix}fresh-${member.name}`
    await etcd.put(drill.client(member), { key, value: 'after' }, { timeoutMs: 5_000 })
    const { kvs } = await etcd.range(drill.client(other), { key }, { timeoutMs: 5_000 })
    const seen = kvs[0]?.value
    drill.expect(
      'restored-cluster-serves',
      `a write through ${member.name} is read through ${other.name}`,
      seen === 'after',
      seen ?? 'no value',
    )
  }
}

/** The recovery point: the acknowledged writes that the new cluster lacks, and their time span. */
export function measureRecoveryPoint(drill: Drill, revision: number): void {
  const { lostWrites, lostMs } = lossAfter(drill.history(), revision)
  drill.measure('lostWrites', lostWrites)
  drill.measure('lostMs', lostMs)
}

/** The recovery time: from the disaster to the first write that the new cluster acknowledges. */
export async function measureRestore(drill: Drill, sinceNs: number): Promise<void> {
  const [member] = drill.cluster.members as [Member]
  const attempt = () =>
    etcd.put(drill.client(member), { key: `${besidesPrefix}first`, value: 'after' })
  await drill.becomes(
    'restored-cluster-takes-writes',
    'the restored cluster to acknowledge a write',
    async () => done(await attempt()),
  )
  drill.measure('recoveryMs', (drill.nowNs() - sinceNs) / 1e6)
}
