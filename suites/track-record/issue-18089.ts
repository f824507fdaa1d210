import { type Drill, etcd, type Member } from '../../harness/index.ts'
import { type KnownBug, singleMember } from './known-bug.ts'
import { eventsUntil } from './watch-events.ts'

/**
 * https://github.com/etcd-io/etcd/issues/18089: a watch that starts at the revision of a deletion
 * misses it when the store is compacted at exactly that revision. The watch is not cancelled as
 * compacted, so a cache that lists at the revision before keeps the deleted key.
 *
 * Here: a key is put, deleted and put again, the store is compacted at the deletion, and a watch
 * starts there. The deletion is at the compacted revision, not before it, so it must come first.
 */
export const issue18089: KnownBug = {
  name: 'issue-18089',
  issue: 'etcd-io/etcd#18089',
  summary: 'a watch from the compacted revision on misses the deletion there',
  fixedIn: ['3.4.34', '3.5.16'],
  shownOn: ['3.4.23', '3.3.25'],
  cleanOn: ['3.5.30', '3.5.16'],
  symptom: { expectations: ['watch-delivers-deletion'] },
  scenario: {
    title: 'A watch from the compacted revision on delivers a deletion there',
    adjustSpec: singleMember,
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      const deletedAt = await putDeletePut(drill, member)
      await etcd.compact(drill.client(member), deletedAt, { physical: true })
      const delivered = await eventsUntil(drill.client(member), {
        key: watched,
        startRevision: deletedAt,
        isLast: ({ type }) => type === 'put',
      })
      const [first] = delivered
      const isDelete = first?.type === 'delete'
      const found = delivered.map(({ type, kv }) => `${type} at ${kv.modRevision}`).join(', ')
      drill.expect(
        'watch-delivers-deletion',
        `the watch delivers the deletion at revision ${deletedAt} first`,
        isDelete,
        found,
      )
      drill.expect(
        'deletion-has-its-revision',
        `the deletion has revision ${deletedAt}`,
        !isDelete || first.kv.modRevision === deletedAt,
        found,
      )
    },
  },
}

const watched = 'watched'

async function putDeletePut(drill: Drill, member: Member): Promise<number> {
  const put = (value: string) => drill.attempt(member, { kind: 'put', key: watched, value })
  for (const value of ['one', 'two', 'three']) await put(value)
  const { revision } = await drill.attempt(member, { kind: 'delete', key: watched })
  await put('again')
  if (revision === undefined) throw new RangeError('Expected an answer to the deletion, got none')
  return revision
}
