import type { Clock } from '../../core/clock.ts'
import type { HeaderEntry, HeaderLogHeader } from './header.ts'
import { openJsonlRecorder } from './jsonl.ts'

/** What the header of an answer says of who answered. */
export type AnswerHeader = Pick<HeaderEntry, 'clusterId' | 'memberId' | 'raftTerm'>

/** A request is about to be sent, or a stream to be opened; the result takes each answer's header. */
export type ObserveRequest = (
  request: Pick<HeaderEntry, 'member' | 'method'>,
) => (answer: AnswerHeader) => void

/** Writes the headers of answers as they come: as many as show whatever could be wrong with them. */
export interface HeaderRecorder extends AsyncDisposable {
  readonly observe: ObserveRequest
  flush(): Promise<void>
}

/** An answer with the header of the one before is written again after so long. */
const repeatNs = 1e9

/** The last header that was written for a member. */
interface Written {
  readonly text: string
  readonly sentNs: number
  readonly timeNs: number
  /** When another header was last written; -1 = never. */
  readonly otherNs: number
}

/** Creates the file, which must not exist. An error of the disk is thrown by `flush` and at the end. */
export function openHeaderRecorder(options: {
  readonly path: string
  readonly clock: Clock
}): HeaderRecorder {
  const { clock } = options
  const header = { format: 'gauntlet-headers/1' } as const
  const recorder = openJsonlRecorder<HeaderLogHeader, HeaderEntry>({ ...options, header })
  const byMember = new Map<string, Written>()
  return {
    observe: ({ member, method }) => {
      const sentNs = clock.nowNs()
      return ({ clusterId, memberId, raftTerm }) => {
        const text = `${clusterId} ${memberId} ${raftTerm}`
        const timeNs = clock.nowNs()
        const last = byMember.get(member)
        if (last !== undefined && !isNews(last, { text, sentNs, timeNs })) return
        byMember.set(member, { text, sentNs, timeNs, otherNs: otherNsOf(last, text) })
        const answer = { type: 'answer', member, method, sentNs } as const
        recorder.note({ ...answer, clusterId, memberId, raftTerm })
      }
    },
    flush: recorder.flush,
    [Symbol.asyncDispose]: () => recorder[Symbol.asyncDispose](),
  }
}

/** When the last header other than this one was written; -1 = none yet. */
function otherNsOf(last: Written | undefined, text: string): number {
  if (last === undefined) return -1
  return last.text === text ? last.otherNs : last.timeNs
}

/**
 * Another header than the last one is; so is the same one, when the written one may have overtaken
 * the other header before it, and this one, which was requested later, cannot have.
 */
function isNews(last: Written, { text, sentNs, timeNs }: Omit<Written, 'otherNs'>): boolean {
  if (text !== last.text || timeNs >= last.timeNs + repeatNs) return true
  return last.sentNs <= last.otherNs && sentNs > last.otherNs
}
