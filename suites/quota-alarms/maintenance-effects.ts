import { type Drill, done, etcd, type Member, notYet } from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { readMetric } from '../shared/member-metric.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'

/** What a compaction that was answered must have done: every member's own store lost its past. */
export async function expectCompacted(drill: Drill, revision: number): Promise<void> {
  for (const member of drill.cluster.members) {
    const past = { key: 'k0', atRevision: revision - 1, serializable: true }
    const rejection = await rejectionOf(etcd.range(drill.client(member), past, longTimeout))
    drill.expect(
      'compaction-removes-old-revisions',
      `${member.name} rejects a read of a revision before the compacted ${revision}`,
      isError(rejection, etcdErrors.compacted),
      formatRejection(rejection),
    )
  }
}

const defragmentations = 'etcd_disk_backend_defrag_duration_seconds_count'

/** Defragments one member, and sees in its metrics that it did. */
export async function defragmentMember(
  drill: Drill,
  member: Member,
  options: { readonly timeoutMs: number },
): Promise<void> {
  const before = await readMetric(member, defragmentations)
  await etcd.defragment(drill.client(member), options)
  const after = await readMetric(member, defragmentations)
  drill.expect(
    'defragmentation-is-done',
    `${member.name} counts one more defragmentation once it has answered`,
    after > before,
    `${after} after ${before}`,
  )
}

/** Once the quota has room again: the database is small on disk, and no member lists an alarm. */
export async function expectRecovered(drill: Drill): Promise<void> {
  for (const member of drill.cluster.members) {
    const quota = await readMetric(member, 'etcd_server_quota_backend_bytes')
    const bytes = await readMetric(member, 'etcd_mvcc_db_total_size_in_bytes')
    drill.expect(
      'recovery-shrinks-database',
      `the database of ${member.name} takes less than half of its quota after the recovery`,
      bytes > 0 && bytes < quota / 2,
      `${bytes} of ${quota} bytes`,
    )
    // Each member lists the alarms that it has applied.
    await drill.becomes(
      'recovery-clears-alarm',
      `${member.name} to list no alarm after the recovery`,
      async () => {
        const left = await etcd.alarms(drill.client(member), longTimeout)
        const formatted = left.map(({ memberId, type }) => `${type} of ${memberId}`)
        return left.length === 0 ? done(undefined) : notYet(formatted.join(', '))
      },
    )
  }
}
