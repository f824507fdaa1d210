import {
  type ClusterSpec,
  type Drill,
  done,
  etcd,
  featuresOf,
  type Member,
  notYet,
  type Scenario,
} from '../../harness/index.ts'
import { longTimeout } from '../shared/rejection.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import { besidesPrefix, expectAsOf, expectServes, measureRecoveryPoint } from './expectations.ts'
import { lastAcknowledged } from './expected-state.ts'
import { restoreInPlace } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** More than any cluster writes between two snapshots; what etcd's documentation recommends. */
const bump = 1_000_000_000
const besidesKey = `${besidesPrefix}watched`

export const watchers: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/revisions-go-back',
    title:
      'A plain restore rewinds revisions, and a resumed watch misses events without any warning',
    depth: 'ci',
    act: async (drill) => {
      const { revision, newest } = await restoreOlder(drill, [])
      const [member] = drill.cluster.members as [Member]
      const client = drill.client(member)
      const { revision: now } = await etcd.range(client, { key: 'k0' })
      drill.expect(
        'restored-store-is-at-snapshot',
        'the store is back at the snapshot’s revision',
        now === revision,
        `${now}`,
      )
      await expectMissedEvents(drill, member, newest)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/revisions-bumped',
    title: 'A restore with bumped revisions cancels a resumed watch',
    depth: 'ci',
    notApplicable: needsBump,
    act: async (drill) => {
      const flags = [`--bump-revision=${bump}`, '--mark-compacted']
      const { newest } = await restoreOlder(drill, flags)
      const [member] = drill.cluster.members as [Member]
      const client = drill.client(member)
      const { revision: now } = await etcd.range(client, { key: 'k0' })
      drill.expect(
        'bumped-revisions-are-new',
        'no revision is given twice',
        now > newest,
        `${now}, after ${newest}`,
      )
      using watching = watchFrom(drill, client, newest + 1)
      const response = await watching.firstAnswer()
      drill.expect(
        'bumped-watch-is-cancelled',
        'a resumed watch is cancelled as compacted',
        response.canceled && response.compactRevision > newest,
        JSON.stringify(response),
      )
      await expectServes(drill)
    },
  },
]

function needsBump({ version }: ClusterSpec): string | undefined {
  if (featuresOf(version).has('snapshot-bump-revision')) return undefined
  return `etcd ${version} cannot bump revisions when it restores: 3.4.27 and 3.5.10 and later can`
}

async function restoreOlder(
  drill: Drill,
  flags: readonly string[],
): Promise<{ revision: number; newest: number }> {
  const snapshot = await takeSnapshot(drill, await drill.cluster.leader())
  await loseEverything(drill)
  await restoreInPlace(drill, snapshot.content, flags)
  await expectAsOf(drill, snapshot.revision)
  measureRecoveryPoint(drill, snapshot.revision)
  return { revision: snapshot.revision, newest: lastAcknowledged(drill.history()) }
}

/**
 * Resumes a watch after `newest`, as a client library does, and waits for its first event or its
 * cancellation. The watch misses every event written until then.
 */
async function expectMissedEvents(drill: Drill, member: Member, newest: number): Promise<void> {
  const client = drill.client(member)
  using watching = watchFrom(drill, client, newest + 1)
  const written: number[] = []
  while ((written.at(-1) ?? 0) <= newest) {
    const { revision } = await etcd.put(client, { key: besidesKey, value: 'v' }, longTimeout)
    written.push(revision)
  }
  const response = await watching.firstAnswer()
  drill.expect(
    'rewound-watch-is-not-cancelled',
    'the resumed watch is not cancelled',
    !response.canceled,
    response.cancelReason,
  )
  const first = response.events[0]?.kv.modRevision ?? Number.POSITIVE_INFINITY
  const missed = written.filter((revision) => revision < first)
  drill.measure('silentlyMissedEvents', missed.length)
  drill.measure('revisionsGivenTwice', newest - (written[0] ?? newest) + 1)
  drill.expect(
    'rewound-watch-misses-events',
    'a resumed watch misses events until revisions have passed the one it resumes from',
    missed.length > 0 && first === newest + 1,
    `${missed.length} missed, the first event at ${first} after ${newest}`,
  )
}

/**
 * A new watch of all keys. `firstAnswer` resolves to the first response after its creation; the
 * deadline starts with the call.
 */
function watchFrom(drill: Drill, client: etcd.MemberClient, startRevision: number) {
  const watching = etcd.watch(client, { key: '\0', end: '\0', startRevision })
  let answer: etcd.WatchResponse | undefined
  const reading = (async () => {
    for await (const response of watching) {
      if (!response.canceled && response.events.length === 0) continue
      answer = response
      return
    }
  })()
  reading.catch(() => {})
  return {
    firstAnswer: () =>
      drill.becomes(
        'resumed-watch-is-answered',
        `a watch from revision ${startRevision} to receive an event or its cancellation`,
        () => (answer === undefined ? notYet('silence') : done(answer)),
      ),
    [Symbol.dispose]: () => watching.close(),
  }
}
