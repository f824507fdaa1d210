import { causesOf, GuaranteeBrokenError, messageOf } from '../../core/errors.ts'
import type { Failure } from '../../run-record/evidence/observations.ts'

/**
 * What a drill threw, as findings. Only a GuaranteeBrokenError is a break of etcd's, also one that
 * unwinding wrapped in another error: each is a finding of its own, and the other errors follow the
 * first one's reason. `timeNs` is when it was thrown, on the clock of the history.
 */
export function failuresOf(
  thrown: unknown,
  signal: AbortSignal,
  timeNs?: number,
): readonly Failure[] {
  if (signal.aborted) return [{ outcome: 'inconclusive', reason: 'the run was interrupted' }]
  const causes = causesOf(thrown)
  const broken = causes.filter((cause) => cause instanceof GuaranteeBrokenError)
  if (broken.length === 0) return [{ outcome: 'inconclusive', reason: messageOf(thrown) }]
  const others = causes.filter((cause) => !(cause instanceof GuaranteeBrokenError)).map(messageOf)
  const also = others.length === 0 ? '' : `; also: ${others.join('; ')}`
  return broken.map((error, index) => ({
    ...failureOf(error, index === 0 ? also : ''),
    ...(timeNs !== undefined && { timeNs }),
  }))
}

function failureOf(error: GuaranteeBrokenError, also: string): Failure {
  const { expectation, isTooSlow } = error.fields
  const reason = messageOf(error) + also
  return { outcome: 'broken', expectation, reason, ...(isTooSlow === true && { isTooSlow }) }
}
