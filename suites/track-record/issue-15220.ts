import { DeadlineError, type Drill, etcd, featuresOf, type Member } from '../../harness/index.ts'
import { type KnownBug, singleMember } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/15220: a progress notification that was asked for is sent
 * ahead of events that the watch has still to be told of. A cache that takes the notification's
 * revision for all it has seen, as Kubernetes does, serves stale lists, and resumes behind a gap.
 *
 * Here: a key that was written before is watched from its first revision on, and progress asked for
 * in the same breath, when the watch cannot have caught up unless a tick of the loop that does that
 * comes between: so it is tried several times. No event up to the revision of a notification may
 * follow it.
 */
export const issue15220: KnownBug = {
  name: 'issue-15220',
  issue: 'etcd-io/etcd#15220',
  summary: 'a progress notification arrives before events that it covers',
  fixedIn: ['3.4.25', '3.5.8'],
  shownOn: ['3.4.23'],
  cleanOn: ['3.5.30', '3.5.16'],
  symptom: { expectations: ['events-precede-their-notification'] },
  scenario: {
    title: 'No progress notification overtakes an event',
    adjustSpec: singleMember,
    notApplicable: ({ version }) =>
      featuresOf(version).has('watch-progress-requests')
        ? undefined
        : `etcd ${version} takes no progress requests`,
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      const written = await putMany(drill, member)
      let late: Late | undefined
      for (let turn = 0; turn < turns && late === undefined; turn++) {
        late = await lateEvent(drill.client(member), written)
      }
      drill.expect(
        'events-precede-their-notification',
        'no event follows a notification of a later revision',
        late === undefined,
        late && `put at ${late.event} after one of ${late.notified}`,
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

/** An event, and the revision of a notification that had overtaken it. */
interface Late {
  readonly event: number
  readonly notified: number
}

/**
 * The first event that a notification had overtaken; undefined once one came after all events. A
 * version without the bug leaves a request unanswered while the watch catches up: hence the others.
 */
async function lateEvent(
  client: etcd.MemberClient,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<Late | undefined> {
  const watching = etcd.watch(client, { key, startRevision: first })
  watching.requestProgress()
  const asking = setInterval(() => watching.requestProgress(), 200)
  const ending = setTimeout(() => watching.close(), deadlineMs)
  let [notified, told] = [0, 0]
  try {
    for await (const { created, events, revision } of watching) {
      for (const { kv } of events) {
        told = kv.modRevision
        if (told <= notified) return { event: told, notified }
      }
      if (!created && events.length === 0) notified = revision
      if (notified >= last && told >= last) return undefined
    }
  } finally {
    clearInterval(asking)
    clearTimeout(ending)
    watching.close()
  }
  throw new DeadlineError(`Expected events and a notification up to ${last}, got ${told}`)
}
