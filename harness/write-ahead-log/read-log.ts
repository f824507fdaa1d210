import { decodeMessage, type LogRecord } from './messages.ts'
import { type ReadProblem, readSegment, recordTypes } from './records.ts'

/** A file of the log, `<sequence>-<first index>.wal`. */
export interface Segment {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

/** An entry as raft replicates it. */
export interface RaftEntry {
  readonly index: number
  readonly term: number
  /** False for a change of the membership. */
  readonly isNormal: boolean
  readonly data: Buffer
}

/** What one member's write-ahead log holds, after all that it overwrote. */
export interface MemberLog {
  /** Decimal; undefined when not even the first record could be read. */
  readonly nodeId: string | undefined
  readonly clusterId: string | undefined
  /** By index, ascending. An index that is missing was never in this log. */
  readonly entries: ReadonlyMap<number, RaftEntry>
  /** The member's term, and the last index that it knew to be committed. */
  readonly term: number
  readonly commit: number
  /** Raft snapshots that the member made or received. */
  readonly snapshots: readonly { readonly index: number; readonly term: number }[]
  /** How it ends when not in order: a record that was cut short, one that is damaged, or too long. */
  readonly ending?: LogEnding
}

interface LogEnding {
  readonly kind: 'torn' | 'damaged' | 'too-long'
  readonly reason: string
}

export interface ReadLogOptions {
  /** Later ones are not read: etcd begins a new one after 64 MB. Default no limit. */
  readonly mostSegments?: number
}

/**
 * Reads a member's log, its segments in the order of their names, as etcd does when it starts: an
 * entry replaces those with its index and above, a torn record ends the log. Never throws for what
 * the files hold: `ending` says where and why reading stopped. Holds the entries and one record.
 */
export async function readLog(
  segments: AsyncIterable<Segment>,
  { mostSegments = Number.POSITIVE_INFINITY }: ReadLogOptions = {},
): Promise<MemberLog> {
  const log = createLog()
  let crc = 0
  let count = 0
  let ending: LogEnding | undefined
  for await (const { name, content } of segments) {
    if (ending !== undefined) {
      // Only the last segment of a log can have a torn end.
      ending = { ...ending, kind: 'damaged' }
      break
    }
    if (++count > mostSegments) {
      ending = { kind: 'too-long', reason: `only the first ${mostSegments} of its files are read` }
      break
    }
    const { problem, ...end } = await readSegment(content, crc, log.add)
    crc = end.crc
    if (problem !== undefined) ending = endingOf(name, problem)
  }
  return { ...log.result(), ...(ending && { ending }) }
}

function endingOf(name: string, { offset, reason, isTorn }: ReadProblem): LogEnding {
  return { kind: isTorn ? 'torn' : 'damaged', reason: `${name}, byte ${offset}: ${reason}` }
}

interface LogBuilder {
  readonly add: (record: LogRecord) => void
  readonly result: () => MemberLog
}

function createLog(): LogBuilder {
  const entries = new Map<number, RaftEntry>()
  const snapshots: { index: number; term: number }[] = []
  let [nodeId, clusterId]: (string | undefined)[] = []
  let [term, commit, last] = [0, 0, 0]
  const dropFrom = (index: number) => {
    for (let at = last; at >= index; at--) entries.delete(at)
    last = Math.min(last, index - 1)
  }
  const addEntry = (entry: RaftEntry) => {
    dropFrom(entry.index)
    entries.set(entry.index, entry)
    last = entry.index
  }
  /** A snapshot that the member received replaces its log, of which the committed part stays true. */
  const addSnapshot = (snapshot: { index: number; term: number }) => {
    snapshots.push(snapshot)
    const isOfOwnLog = entries.get(snapshot.index)?.term === snapshot.term
    if (snapshot.index > 0 && !isOfOwnLog) dropFrom(commit + 1)
  }
  return {
    add: ({ type, data }) => {
      if (type === recordTypes.entry) addEntry(entryOf(data))
      if (type === recordTypes.snapshot) addSnapshot(positionOf(decodeMessage('Snapshot', data)))
      if (type === recordTypes.metadata) ({ nodeId, clusterId } = decodeMessage('Metadata', data))
      if (type !== recordTypes.state) return
      const state = decodeMessage('HardState', data)
      term = Number(state.term)
      commit = Number(state.commit)
    },
    result: () => ({ nodeId, clusterId, entries, term, commit, snapshots }),
  }
}

function entryOf(bytes: Buffer): RaftEntry {
  const { type, term, index, data } = decodeMessage('Entry', bytes)
  // A copy: the record is a part of a larger piece, which can then go.
  const own = Buffer.from(data)
  return { index: Number(index), term: Number(term), isNormal: type === '0', data: own }
}

function positionOf({ index, term }: { index: string; term: string }) {
  return { index: Number(index), term: Number(term) }
}
