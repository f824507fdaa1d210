import type { CheckInput } from '../../checkers/checker.ts'

/**
 * The streams of a run that was killed, up to a moment that each of them reached. They reach their
 * files one by one, so that some end earlier: beyond its own end a file does not say what happened,
 * and what another file shows there, such as a watcher's event, has no request that explains it.
 */
export function cutTogether(input: CheckInput): CheckInput {
  const { history, watches, leases, headers } = input
  const requestedUntilNs = history.events.at(-1)?.timeNs ?? 0
  // Without an entry the log of leases does not say how far it goes.
  const lastNs = Math.min(requestedUntilNs, leases?.entries.at(-1)?.timeNs ?? requestedUntilNs)
  const isKept = ({ timeNs }: { readonly timeNs: number }) => timeNs <= lastNs
  return {
    ...input,
    history: { ...history, events: history.events.filter(isKept) },
    ...(watches && { watches: { ...watches, entries: watches.entries.filter(isKept) } }),
    ...(leases && { leases: { ...leases, entries: leases.entries.filter(isKept) } }),
    ...(headers && { headers: { ...headers, entries: headers.entries.filter(isKept) } }),
  }
}
