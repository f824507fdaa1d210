import { type Drill, etcd, type Member } from '../../harness/index.ts'
import { type KnownBug, singleMember } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/18089 again, by a scenario that is not specific to it:
 * seeded puts and deletes of a few keys, repeated compactions, and watchers that start early and
 * late, as in a chaos run. The `watch` checker must find the missing event without any help.
 */
export const generic18089: KnownBug = {
  name: 'generic-18089',
  formerNames: ['unaware-18089'],
  issue: 'etcd-io/etcd#18089',
  summary: 'a watch from the compacted revision on misses the deletion there',
  fixedIn: ['3.4.34', '3.5.16'],
  shownOn: ['3.4.23', '3.3.25'],
  cleanOn: ['3.5.30', '3.5.16'],
  isLeftOutOfCi: true,
  symptom: { violations: ['watch/event-missing'] },
  scenario: {
    title: 'No watcher misses an event among deletes and compactions',
    adjustSpec: singleMember,
    skippedCheckers: {},
    lateWatchers: { everyMs: 75 },
    workload: {
      ratePerS: 150,
      keys: 5,
      valueBytes: 16,
      mix: { put: 4, delete: 4, get: 2 },
      timeoutMs: 2_000,
    },
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      for (let turn = 0; turn < compactions; turn++) await compactOnce(drill, member)
    },
  },
}

/** A deletion is at the compacted revision one time in three. A watch needs 100 ms to catch up. */
const compactions = 45
const everyMs = 350
const keptRevisions = 10

async function compactOnce(drill: Drill, member: Member): Promise<void> {
  await drill.hold(everyMs)
  const { revision } = await etcd.status(drill.client(member))
  await etcd.compact(drill.client(member), Math.max(1, revision - keptRevisions))
}
