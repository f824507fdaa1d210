import type { Verdict } from '../../checkers/checker.ts'
import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { type History, isOperation } from '../../history/operations.ts'

const longestHintMs = 5_000

/**
 * Judges a history of another program, whose file does not say what its registers held at first: they
 * are taken as empty. Where registers that held what the culprit read would explain everything, the
 * reason names the option that says so; the verdict stays.
 */
export function judgeWithoutInitial(history: History, timeoutMs: number): Verdict {
  const startedMs = performance.now()
  const verdict = judgeHistory(history, { timeoutMs })
  const culprit = verdict.verdict === 'invalid' ? verdict.evidence?.culprit : undefined
  const initial = culprit === undefined ? undefined : valueRead(history, culprit)
  const leftMs = Math.min(longestHintMs, timeoutMs - (performance.now() - startedMs))
  if (initial === undefined || initial === null || leftMs < 0) return verdict
  if (judgeHistory(history, { initial, timeoutMs: leftMs }).verdict !== 'valid') return verdict
  const hint = `with \`--initial '${JSON.stringify(initial)}'\` the history would be valid`
  return { ...verdict, reason: `${verdict.reason}; ${hint}` }
}

/** What the read of a register answered that was invoked here. */
function valueRead({ header, events }: History, culprit: number): unknown {
  const invoked = events[culprit]
  if (header.model !== 'cas-register' || invoked === undefined || !isOperation(invoked))
    return undefined
  if (invoked.f !== 'read') return undefined
  return events.find((event, at) => {
    return at > culprit && isOperation(event) && event.process === invoked.process
  })?.value
}
