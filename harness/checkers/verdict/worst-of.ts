import type { VerdictValue } from '../checker.ts'

/** Invalid beats unknown beats valid; nothing judged is unknown. */
export function worstOf(verdicts: readonly VerdictValue[]): VerdictValue {
  if (verdicts.includes('invalid')) return 'invalid'
  if (verdicts.length === 0 || verdicts.includes('unknown')) return 'unknown'
  return 'valid'
}
