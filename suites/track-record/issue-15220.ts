import {
  DeadlineError,
  type Drill,
  etcd,
  featuresOf,
  type Member,
  versionsSince,
} from '../../harness/index.ts'
import { type KnownBug, singleMember } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/15220: a requested progress notification overtakes
 * events that the watch has yet to deliver. A cache that trusts the notification's revision, as
 * Kubernetes does, serves stale lists and resumes after a gap.
 *
 * Here: a watch starts at the first revision of a key that was written before, and requests progress
 * at once, before etcd's catch-up loop runs. A tick of that loop may come between, so the scenario
 * tries several times. No event up to the revision of a notification may follow it.
 */
export const issue15220: KnownBug = {
  name: 'issue-15220',
  issue: 'etcd-io/etcd#15220',
  summary: 'a progress notification arrives before events that it covers',
  fixedIn: versionsSince('ordered-watch-progress'),
  shownOn: ['3.4.23'],
  cleanOn: ['3.5.30', '3.5.16'],
  symptom: { expectations: ['events-precede-their-notification'] },
  scenario: {
    title: 'No progress notification overtakes an event',
    adjustSpec: singleMember,
    notApplicable: ({ version }) =>
      featuresOf(version).has('watch-progress-requests')
        ? undefined
        : `etcd ${version} has no progress requests`,
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      const written = await putMany(drill, member)
      let overtaken: OvertakenEvent | undefined
      for (let turn = 0; turn < turns && overtaken === undefined; turn++) {
        overtaken = await findOvertakenEvent(drill.client(member), written)
      }
      drill.expect(
        'events-precede-their-notification',
        'no event follows a notification of a later revision',
        overtaken === undefined,
        overtaken === undefined
          ? 'none'
          : `a put at ${overtaken.event} after a notification of ${overtaken.notified}`,
      )
    },
  },
}

const key = 'watched'
const writes = 50
const turns = 5
const deadlineMs = 10_000

async function putMany(drill: Drill, member: Member) {
  const revisions: number[] = []
  for (let turn = 0; turn < writes; turn++) {
    const value = `${turn}`
    const { revision = 0 } = await drill.attempt(member, { kind: 'put', key, value })
    revisions.push(revision)
  }
  return { first: revisions[0] ?? 0, last: revisions.at(-1) ?? 0 }
}

/** An event, and the revision of a notification that overtook it. */
interface OvertakenEvent {
  readonly event: number
  readonly notified: number
}

/**
 * The first event that a notification overtook; undefined once a notification came after all events.
 * A version without the bug leaves a request unanswered while the watch catches up, so it repeats
 * the request.
 */
async function findOvertakenEvent(
  client: etcd.MemberClient,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<OvertakenEvent | undefined> {
  const watching = etcd.watch(client, { key, startRevision: first })
  watching.requestProgress()
  const asking = setInterval(() => watching.requestProgress(), 200)
  const ending = setTimeout(() => watching.close(), deadlineMs)
  let [notified, delivered] = [0, 0]
  try {
    for await (const { created, events, revision } of watching) {
      for (const { kv } of events) {
        delivered = kv.modRevision
        if (delivered <= notified) return { event: delivered, notified }
      }
      if (!created && events.length === 0) notified = revision
      if (notified >= last && delivered >= last) return undefined
    }
  } finally {
    clearInterval(asking)
    clearTimeout(ending)
    watching.close()
  }
  throw new DeadlineError(`Expected events and a notification up to ${last}, got ${delivered}`)
}
