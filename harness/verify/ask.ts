import { isServerRejection, RequestError } from '../client/request-error.ts'
import { messageOf } from '../core/errors.ts'
import type { Reply } from './checks/cluster-view.ts'

/** Sends requests once each, and counts them: what a look costs is bounded and reported. */
export interface Asker {
  ask<T>(send: () => Promise<T>): Promise<Reply<T>>
  count(): number
}

export function createAsker(): Asker {
  let sent = 0
  return {
    count: () => sent,
    ask: async (send) => {
      sent++
      try {
        return { kind: 'answered', value: await send() }
      } catch (thrown) {
        const kind = isServerRejection(thrown) ? 'rejected' : 'unanswered'
        return { kind, reason: thrown instanceof RequestError ? thrown.details : messageOf(thrown) }
      }
    },
  }
}

export function notAsked(reason: string): Reply<never> {
  return { kind: 'not-asked', reason }
}

/** The answer with its value changed. */
export function mapAnswer<T, U>(answer: Reply<T>, change: (value: T) => U): Reply<U> {
  return answer.kind === 'answered' ? { kind: 'answered', value: change(answer.value) } : answer
}
