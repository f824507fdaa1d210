import {
  DeadlineError,
  type Drill,
  done,
  etcd,
  faults,
  featuresOf,
  type Member,
  messageOf,
  notYet,
  poll,
  versionsSince,
  withOptionsForVersion,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { connectTo } from '../shared/connect.ts'
import type { KnownBug } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/20221: a watch from a revision that its member does not
 * have yet receives older events when the member receives a snapshot meanwhile. A client that moves
 * to a lagging member sees its past again.
 *
 * Here: a follower's connections are reset and refused, so that no message is in flight, and a watch
 * there starts far in the future. The others write until their logs no longer reach back, so they
 * send the follower a snapshot when it reconnects. Later writes are still before the watch's start
 * revision, and the watch must not deliver them.
 */
export const issue20221: KnownBug = {
  name: 'issue-20221',
  issue: 'etcd-io/etcd#20221',
  summary: 'a watch from a future revision on receives older events after a snapshot',
  fixedIn: versionsSince('future-watch-kept'),
  shownOn: ['3.5.16'],
  cleanOn: ['3.5.30'],
  symptom: { expectations: ['future-watch-delivers-no-past'] },
  scenario: {
    minMembers: 3,
    title: 'A watch from a future revision receives no past event after a snapshot',
    notApplicable: ({ version }) =>
      featuresOf(version).has('snapshot-catchup-flag')
        ? undefined
        : `etcd ${version} keeps 5,000 entries for lagging members: it sends no snapshot within seconds`,
    opensClients: true,
    adjustSpec: (spec) => withOptionsForVersion(spec, shortLogs),
    faults: [faults.refuseConnections],
    act: async (drill) => {
      const follower = await oneFollower(drill)
      const cut = await drill.inject(faults.refuseConnections, [follower])
      const { revision } = await etcd.status(drill.client(follower))
      const from = revision + farAhead
      const future = await follow(drill, follower, from)
      await writePastLogs(drill, follower)
      await cut.undo()
      await untilSnapshot(follower)
      const present = await follow(drill, follower)
      await untilDelivered(present.delivered)
      future.expectOpen()
      future.close()
      present.close()
      const older = future.delivered.find(({ kv }) => kv.modRevision < from)
      drill.expect(
        'future-watch-delivers-no-past',
        `the watch delivers no event before revision ${from}`,
        older === undefined,
        `${older?.type} at ${older?.kv.modRevision}`,
      )
    },
  },
}

/** So few entries that a cut of seconds makes a snapshot necessary. */
const shortLogs = { 'snapshot-count': '10', 'snapshot-catchup-entries': '10' }
const farAhead = 1_000_000
const wantedEvents = 30

/** Opens its own connection, because the workload closes connections without answers. */
async function follow({ cluster }: Drill, member: Member, startRevision?: number) {
  const client = connectTo(member, { credentials: cluster.credentials })
  const from = startRevision !== undefined && { startRevision }
  const watching = etcd.watch(client, { key: '\0', end: '\0', ...from })
  const delivered: etcd.WatchEvent[] = []
  const isThere = Promise.withResolvers<void>()
  let ended: string | undefined
  const run = async () => {
    for await (const { created, canceled, cancelReason, events } of watching) {
      if (created) isThere.resolve()
      if (canceled) throw new Error(`canceled: ${cancelReason}`)
      delivered.push(...events)
    }
  }
  const end = (why: string) => {
    ended = why
    isThere.reject(new DeadlineError(`Expected a watch to be created, got ${why}`))
  }
  run().then(
    () => end('its end'),
    (thrown) => end(messageOf(thrown)),
  )
  await isThere.promise
  // A watch that ended delivers nothing, which proves nothing.
  const expectOpen = () => {
    if (ended !== undefined) throw new DeadlineError(`Expected the watch to last, got ${ended}`)
  }
  return { delivered, expectOpen, close: client.close }
}

/** Waits until the others have written more than their logs keep. */
async function writePastLogs(drill: Drill, follower: Member): Promise<void> {
  const [other] = drill.cluster.members.filter((member) => member !== follower) as [Member]
  const before = await etcd.status(drill.client(other))
  await poll(
    async () => {
      const written = (await etcd.status(drill.client(other))).revision - before.revision
      return written >= 100 ? done(undefined) : notYet(`${written} revisions`)
    },
    { what: 'the others to write 100 revisions more', deadlineMs: 60_000 },
  )
}

function untilSnapshot(member: Member): Promise<void> {
  return poll(
    async () => {
      const isApplied = /"applied snapshot"/.test(await member.logs())
      return isApplied ? done(undefined) : notYet('none in its log')
    },
    { what: `${member.name} to apply a snapshot`, deadlineMs: 30_000 },
  )
}

function untilDelivered(delivered: readonly unknown[]): Promise<void> {
  return poll(
    async () =>
      delivered.length >= wantedEvents ? done(undefined) : notYet(`${delivered.length} events`),
    { what: `a watch of the present to deliver ${wantedEvents} events`, deadlineMs: 30_000 },
  )
}
