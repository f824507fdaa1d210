import { DeadlineError } from '../../harness/index.ts'

/**
 * An answer that etcd gives only when another client has done its part, such as a lock. Throws a
 * DeadlineError, which breaks the check, when it does not come.
 */
export async function answerWithin<T>(
  deadlineMs: number,
  what: string,
  answer: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const fields = { what, deadlineMs, last: 'no answer' }
    late.reject(new DeadlineError(`Waited ${deadlineMs} ms for ${what}`, fields))
  }, deadlineMs)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
