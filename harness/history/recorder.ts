import type { Clock } from '../core/clock.ts'
import { encodeLine } from './codec.ts'
import { openLineWriter } from './files/line-writer.ts'
import type {
  FaultEvent,
  History,
  HistoryEvent,
  HistoryHeader,
  OperationEvent,
  Outcome,
  RecordedEvent,
} from './operations.ts'

/** What is asked; `type`, `process` and `timeNs` are the recorder's. */
export type Invocation = Pick<OperationEvent, 'f' | 'key' | 'value' | 'member' | 'serializable'> & {
  readonly [field: string]: unknown
}

/** What came back: the result's fields beside `type`. */
export interface Completion {
  readonly type: Outcome
  readonly value?: unknown
  readonly revision?: number
  readonly modRevision?: number
  readonly deleted?: number
  readonly applied?: boolean
  readonly error?: string
  readonly [field: string]: unknown
}

type FaultNote = Pick<FaultEvent, 'name' | 'phase' | 'targets' | 'effect' | 'proof'> & {
  readonly [field: string]: unknown
}

/**
 * Writes a history as it happens. Events get their time and their place when they are noted, reach
 * the file at most `flushMs` later (a SIGKILL loses no more than that), and stay in memory for the
 * scenario, unless `forgets`. Disposing flushes and closes; an error of the disk is thrown there and by
 * `flush`.
 */
export interface Recorder extends AsyncDisposable {
  /** Throws a RangeError when the process has one open. */
  invoke(process: number, invocation: Invocation): OperationEvent
  /** Throws a RangeError when the process has none open. */
  complete(process: number, completion: Completion): OperationEvent
  fault(note: FaultNote): FaultEvent
  /** A process id that was never given before. */
  freshProcess(): number
  /** All so far; the array grows while the recorder is open. Throws a RangeError when it `forgets`. */
  history(): History
  /** Invocations so far whose outcome is unknown: those without an answer, and those still open. */
  unknown(): readonly OperationEvent[]
  /** Resolves when all that was noted so far has been handed to the operating system. */
  flush(): Promise<void>
}

export interface RecorderOptions {
  /** Compressed when its name ends with `.gz`. */
  readonly path: string
  readonly header: Omit<HistoryHeader, 'format'>
  readonly clock: Clock
  /** Default as `openLineWriter`. */
  readonly flushMs?: number
  /** Keeps no event in memory: for histories without an end. */
  readonly forgets?: boolean
}

/** Creates the file, which must not exist, with its header. */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const header = { format: 'gauntlet-history/1', ...options.header } as HistoryHeader
  const writer = openLineWriter(options.path, options.flushMs)
  writer.write(encodeLine(header))
  await writer.flush()
  const { forgets = false } = options
  const events: HistoryEvent[] = []
  const open = new Map<number, OperationEvent>()
  const unanswered: OperationEvent[] = []
  let nextProcess = 0

  const note = <Event extends RecordedEvent>(event: Event): Event => {
    if (!forgets) events.push(event)
    writer.write(encodeLine(event))
    return event
  }
  return {
    invoke: (process, { f, ...rest }) => {
      if (open.has(process)) {
        throw new RangeError(`Expected process ${process} to complete before it invokes ${f}`)
      }
      nextProcess = Math.max(nextProcess, process + 1)
      const timeNs = options.clock.nowNs()
      const event = note<OperationEvent>({ type: 'invoke', process, f, timeNs, ...rest })
      open.set(process, event)
      return event
    },
    complete: (process, { type, ...rest }) => {
      const invocation = open.get(process)
      if (invocation === undefined) {
        throw new RangeError(`Expected process ${process} to have invoked before it completes`)
      }
      open.delete(process)
      if (type === 'info') unanswered.push(invocation)
      const { f, key } = invocation
      const timeNs = options.clock.nowNs()
      return note<OperationEvent>({
        type,
        process,
        f,
        timeNs,
        ...(key !== undefined && { key }),
        ...rest,
      })
    },
    fault: ({ name, phase, targets, ...rest }) =>
      note({ type: 'fault', name, phase, targets, timeNs: options.clock.nowNs(), ...rest }),
    freshProcess: () => nextProcess++,
    history: () => {
      if (forgets) throw new RangeError('Expected a recorder that keeps its events')
      return { header, events }
    },
    unknown: () => [...unanswered, ...open.values()],
    flush: writer.flush,
    [Symbol.asyncDispose]: writer.close,
  }
}
