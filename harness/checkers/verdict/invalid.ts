import type { Counterexample, Verdict } from '../checker.ts'

/** A violation as its checker words it. `Code` is the union of the checker's codes. */
export interface ViolationReport<Code extends string> {
  /** The kind of the violation that `reason` describes. */
  readonly code: Code
  /** Every kind that was found, `code` among them; default: `code` alone. */
  readonly codes?: Iterable<Code>
  /** One line: the guarantee that broke, and by which operation. */
  readonly reason: string
  readonly evidence: Counterexample
  readonly operations?: number
  readonly factsJudged: number
}

/** The only way to an invalid verdict, so that each has its codes. */
export function invalidVerdict<Code extends string>(
  checker: string,
  { code, codes = [], reason, evidence, operations, factsJudged }: ViolationReport<Code>,
): Verdict {
  return {
    checker,
    verdict: 'invalid',
    code,
    codes: [...new Set([code, ...codes])],
    reason,
    ...(operations !== undefined && { operations }),
    factsJudged,
    evidence,
  }
}
