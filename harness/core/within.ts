import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from './errors.ts'

/**
 * What is running, or a DeadlineError with the message when that takes longer. The work itself goes
 * on: this is for what would otherwise be waited for without an end.
 */
export async function within<T>(ms: number, message: string, running: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const expire = async () => {
    await delay(ms, undefined, { signal: ended.signal, ref: false })
    throw new DeadlineError(`${message} within ${ms} ms`)
  }
  return Promise.race([running, expire()]).finally(() => ended.abort())
}
