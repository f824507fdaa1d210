import { setTimeout as delay } from 'node:timers/promises'
import type { FinalState } from '../../checkers/checker.ts'
import { lastToReceive, untilAllReceived, type Watcher } from './catch-up.ts'
import { catchUp, keepComingLate } from './late-watchers.ts'
import {
  asksForProgress,
  followStream,
  ownName,
  specFor,
  type WatchingParts,
} from './watch-stream.ts'
import type { WatchingPlan } from './watching-plan.ts'

/** Those that connect in one way: through the doors, or to the members. */
export interface WatchersOnWay {
  /**
   * Each has received everything up to the final state, one more at each member, from the recent
   * past, too. Only for members that serve: throws a DeadlineError that says how far they are.
   */
  untilCaughtUp(final: FinalState, deadlineMs: number): Promise<void>
  /** One more at that member, from a revision that a client knows; it ends once caught up. */
  follow(member: string, fromRevision: number): void
  /** Resolves when the last of them has ended. */
  ended(): Promise<unknown>
}

const resumeDelayMs = 100
/** How far in the past the last watchers start: more than a stream's buffer, less than a long run. */
const pastRevisions = 300

/** One watcher for each member of the start, from the first revision on, and others that come later. */
export function startOnWay(
  common: Omit<WatchingParts, 'name' | 'watcher' | 'filters'>,
  { first, everyMs, random }: Pick<WatchingPlan, 'everyMs' | 'random'> & { readonly first: number },
  signal: AbortSignal,
): WatchersOnWay {
  const { cluster, keys, direct } = common
  const members = cluster.members.map(({ name }) => ({ ...common, name }))
  const own = members.map((parts) => {
    const named = direct && { watcher: ownName(parts) }
    return startWatcher({ ...parts, ...named }, first, signal)
  })
  const newest = () => Math.max(...own.map(({ receivedUpTo }) => receivedUpTo()))
  const ending = own.map(({ ended }) => ended)
  for (const parts of members) {
    const late = { everyMs, random: random.fork(ownName(parts)), first, newest }
    ending.push(keepComingLate({ ...parts, ...late }, signal))
  }
  const startLast = (from: number) => (name: string) => {
    const parts = { ...common, name }
    const last = startWatcher({ ...parts, watcher: `${ownName(parts)}-last` }, from, signal)
    ending.push(last.ended)
    return last
  }
  return {
    follow: (name, fromRevision) => {
      if (signal.aborted) return
      const watcher = `${name}-joined-${ending.length}`
      const place = { next: fromRevision, received: 0 }
      ending.push(catchUp({ ...common, name, newest, watcher }, place, signal))
    },
    untilCaughtUp: (final, deadlineMs) => {
      const wanted = lastToReceive(final, {
        keys,
        asksForProgress: asksForProgress(specFor(common)),
      })
      const present = cluster.members.map(({ name }) => name)
      const last = present.map(startLast(Math.max(first, wanted - pastRevisions)))
      const serving = own.filter(({ name }) => present.includes(name))
      return untilAllReceived([...serving, ...last], wanted, deadlineMs)
    },
    ended: () => Promise.all(ending),
  }
}

function startWatcher(parts: WatchingParts, first: number, signal: AbortSignal): Watcher {
  const place = { next: first, received: 0 }
  const run = async () => {
    while (!signal.aborted) {
      await followStream(parts, place, { signal })
      await delay(resumeDelayMs, undefined, { signal }).catch(() => {})
    }
  }
  const { name, watcher = name } = parts
  return { name, label: watcher, receivedUpTo: () => place.next - 1, ended: run() }
}
