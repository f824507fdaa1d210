import type { WatchedState, WatchHeader } from '../../history/logs/watch.ts'

/** The lease of a key that a watcher received, `0` = none; undefined = it was not recorded. */
export function leaseIn(
  { recordsLeases }: WatchHeader,
  { lease }: Pick<WatchedState, 'lease'>,
): string | undefined {
  return lease ?? (recordsLeases === true ? '0' : undefined)
}
