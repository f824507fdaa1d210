import type { FinalState } from '../../checkers/checker.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { KeyRange } from './watch-stream.ts'

/** One that goes on until the end. */
export interface Watcher {
  /** Of its member. */
  readonly name: string
  /** Tells it from the others of its member. */
  readonly label: string
  readonly receivedUpTo: () => number
  readonly ended: Promise<void>
}

/**
 * The last revision that a watcher must receive, by an event or a bookmark. Without bookmarks on
 * request a watcher of some keys learns nothing of the others: there it is the revision of the last of
 * its keys.
 */
export function lastToReceive(
  { members }: FinalState,
  { keys, asksForProgress }: { readonly keys: KeyRange | undefined; asksForProgress: boolean },
): number {
  const [member] = members
  if (member === undefined) return 0
  if (keys === undefined || asksForProgress) return member.revision
  const watched = Object.entries(member.keys).filter(([key]) => key >= keys.key)
  return Math.max(0, ...watched.map(([, { modRevision }]) => modRevision))
}

/** Throws a DeadlineError that says which have not received everything up to the revision in time. */
export function untilAllReceived(
  watchers: readonly Watcher[],
  wanted: number,
  deadlineMs: number,
): Promise<void> {
  const look = () => {
    const behind = watchers.filter(({ receivedUpTo }) => receivedUpTo() < wanted)
    if (behind.length === 0) return done(undefined)
    return notYet(behind.map((one) => `${one.label} at ${one.receivedUpTo()}`).join(', '))
  }
  return poll(look, { what: `every watcher to reach revision ${wanted}`, deadlineMs })
}
