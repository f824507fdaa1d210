import { existsSync } from 'node:fs'
import { compressedName } from '../../harness/history/files/text.ts'
import {
  type LeaseCompletion,
  type LeaseInvocation,
  type LeaseLog,
  readLeaseLog,
} from '../../harness/history/logs/lease.ts'
import { readWatchLog, type WatchEntry } from '../../harness/history/logs/watch.ts'
import type { Operation } from '../../harness/history/operations.ts'
import type { SavedHistory } from '../read/history.ts'
import { toOneLine } from '../text.ts'

/** Lines of a file of evidence, as JSON, long ones cut. The header is line 1. */
export interface RawLines {
  readonly file: string
  readonly lines: readonly { readonly number: number; readonly text: string }[]
}

const maxLines = 80
const longest = 400

/** The requests and completions of these operations, in the order of the file. */
export function historyLinesOf(
  operations: readonly Operation[],
  { events }: SavedHistory,
): RawLines {
  const of = new Set(
    operations.flatMap(({ invoke, completion }) => (completion ? [invoke, completion] : [invoke])),
  )
  return rawLines('history.jsonl', events, (event) => of.has(event as Operation['invoke']))
}

/**
 * What every watcher received at these revisions; undefined when watch.jsonl is missing or damaged.
 * An event that the file has as a reference is shown whole.
 */
export async function readWatchLines(
  path: string,
  revisions: ReadonlySet<number>,
): Promise<RawLines | undefined> {
  const file = [path, compressedName(path)].find(existsSync)
  if (file === undefined) return undefined
  try {
    const { entries } = await readWatchLog(file)
    return rawLines('watch.jsonl', entries, (entry) => showsOneOf(entry, revisions))
  } catch {
    return undefined
  }
}

/** The requests about leases; undefined when leases.jsonl is missing or damaged. */
export async function readSavedLeases(path: string): Promise<LeaseLog | undefined> {
  const file = [path, compressedName(path)].find(existsSync)
  return file === undefined ? undefined : readLeaseLog(file).catch(() => undefined)
}

/** The requests and completions of these, in the order of leases.jsonl. */
export function leaseLinesOf(
  requests: readonly Operation<LeaseInvocation, LeaseCompletion>[],
  { entries }: LeaseLog,
): RawLines {
  const of = new Set<unknown>(requests.flatMap(({ invoke, completion }) => [invoke, completion]))
  return rawLines('leases.jsonl', entries, (entry) => of.has(entry))
}

function showsOneOf(entry: WatchEntry, revisions: ReadonlySet<number>): boolean {
  if (entry.type !== 'events') return false
  return entry.events.some(({ modRevision }) => revisions.has(modRevision))
}

function rawLines<Entry>(
  file: string,
  entries: readonly Entry[],
  isShown: (entry: Entry) => boolean,
): RawLines {
  const lines = entries.flatMap((entry, index) =>
    isShown(entry) ? [{ number: index + 2, text: toOneLine(JSON.stringify(entry), longest) }] : [],
  )
  return { file, lines: lines.slice(0, maxLines) }
}
