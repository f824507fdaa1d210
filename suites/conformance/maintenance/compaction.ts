import { done, etcd, notYet } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { fittingBytes } from '../../shared/etcd/limits.ts'
import { readMetric } from '../../shared/member-metric.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'

export const compaction = conformance({
  name: 'compaction-defragmentation',
  title: 'Compaction removes old revisions alone, and defragmentation frees their space',
  behindDoors: checksAskMembers,
  parts: [repeat(checkCompaction), checkDefragmentation],
})

async function checkCompaction({ check, client, drill, prefix }: TopicContext): Promise<void> {
  const [kept, gone] = [`${prefix}kept`, `${prefix}gone`]
  const put = async (key: string, value: string) =>
    (await etcd.put(client(0), { key, value })).revision
  const first = await put(kept, 'one')
  await put(gone, 'one')
  const at = await put(kept, 'two')
  await etcd.deleteKeys(client(0), { key: gone })
  const last = await put(kept, 'three')
  const words = 'has been compacted'
  await etcd.compact(client(1), at, { physical: true, timeoutMs: 10_000 })
  for (const [index, { name }] of drill.cluster.members.entries()) {
    await check.rejected(
      'compacted-revision-rejected',
      `a read before the compacted revision is rejected by ${name}`,
      words,
      () => etcd.range(client(index), { key: kept, atRevision: first }),
    )
  }
  await check.equal(
    'compaction-keeps-its-revision',
    'a read at the compacted revision returns the keys of that revision',
    ['two', 1],
    async () => {
      const { kvs } = await etcd.range(client(2), { key: kept, atRevision: at })
      const { count } = await etcd.range(client(0), { key: gone, atRevision: at })
      return [kvs[0]?.value, count]
    },
  )
  await check.equal(
    'hash-names-compaction',
    'the hash of every member names the compacted revision',
    drill.cluster.members.map(() => at),
    async () => {
      const found: number[] = []
      for (const index of drill.cluster.members.keys()) {
        await catchUp(client(index))
        found.push((await etcd.hashKV(client(index), last)).compactRevision)
      }
      return found
    },
  )
  await check.equal(
    'compaction-keeps-present',
    'a compaction changes no current key',
    ['three', first, last, 3],
    async () => {
      const [found] = (await etcd.range(client(1), { key: kept })).kvs
      return [found?.value, found?.createRevision, found?.modRevision, found?.version]
    },
  )
  await check.rejected(
    'same-compaction-rejected',
    'a second compaction at the same revision is rejected',
    words,
    () => etcd.compact(client(0), at),
  )
  await check.rejected(
    'older-compaction-rejected',
    'a compaction at an older revision is rejected',
    words,
    () => etcd.compact(client(2), first),
  )
  await check.rejected(
    'future-compaction-rejected',
    'a compaction at a future revision is rejected',
    'future revision',
    () => etcd.compact(client(1), last + 1_000_000),
  )
}

const bulk = { keys: 40, largestBytes: 256 * 1024 }

async function checkDefragmentation(context: TopicContext): Promise<void> {
  const { check, client, prefix, drill, has } = context
  const within = `${prefix}bulk/`
  const valueBytes = fittingBytes(drill.cluster.spec, bulk.largestBytes)
  const value = 'x'.repeat(valueBytes)
  const options = { timeoutMs: 20_000 }
  for (let index = 0; index < bulk.keys; index++) {
    await etcd.put(client(0), { key: `${within}${index}`, value }, options)
  }
  const range = { key: within, end: etcd.prefixEnd(within) }
  const { revision: deleted } = await etcd.deleteKeys(client(0), range, options)
  await etcd.compact(client(0), deleted, { physical: true, ...options })
  // Not at the compacted revision itself: 3.4 rejects a hash of that.
  const { revision } = await etcd.put(client(0), { key: `${prefix}after`, value: 'v' })
  const hashes = await hashesAt(context, revision)
  await check.equal(
    'compacted-hashes-agree',
    'all members have the same hash after a compaction',
    1,
    () => new Set(hashes).size,
  )
  for (const [index, member] of drill.cluster.members.entries()) {
    const { name } = member
    const sizes = () => etcd.status(client(index), options)
    const before = await sizes()
    // Members compact at different times and know their free space after the next commit.
    if (has('status-details')) {
      await check.becomes(
        'compaction-frees-pages',
        `a compaction leaves free space in the database of ${name}`,
        async () => {
          const { dbSizeBytes, dbSizeInUseBytes: used } = await sizes()
          const isFree = used > 0 && used < dbSizeBytes / 2
          return isFree ? done(used) : notYet(`${used} of ${dbSizeBytes} bytes in use`)
        },
      )
    } else {
      await check.equal(
        'size-in-use-absent',
        `the status of ${name} has no size in use in this version`,
        0,
        () => {
          return before.dbSizeInUseBytes
        },
      )
    }
    await check.becomes(
      'defragmentation-shrinks-database',
      `a defragmentation shrinks the database of ${name}`,
      async () => {
        await etcd.defragment(client(index), options)
        const { dbSizeBytes } = await sizes()
        // A second witness of what the status says.
        const measuredBytes = await readMetric(member, 'etcd_mvcc_db_total_size_in_bytes')
        const most = before.dbSizeBytes - (bulk.keys * valueBytes) / 2
        const found = `${dbSizeBytes} of ${before.dbSizeBytes} bytes, its metric ${measuredBytes}`
        return Math.max(dbSizeBytes, measuredBytes) < most ? done(dbSizeBytes) : notYet(found)
      },
    )
  }
  await check.equal(
    'defragmentation-changes-no-key',
    'every member has the same hash after its defragmentation as before',
    hashes,
    () => hashesAt(context, revision),
  )
}

/** The hash of every member, once it has that revision. */
async function hashesAt({ client, drill }: TopicContext, revision: number): Promise<number[]> {
  const hashes: number[] = []
  for (const index of drill.cluster.members.keys()) {
    await catchUp(client(index))
    hashes.push((await etcd.hashKV(client(index), revision, { timeoutMs: 10_000 })).hash)
  }
  return hashes
}
