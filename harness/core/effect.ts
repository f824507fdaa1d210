/**
 * What kind of harm a fault does: `stops` (the process is gone), `stalls` (it lives and does not
 * act), `cuts` (the network), `degrades` (slow, lossy, starved), `damages` (bytes), `removes` (a
 * member's identity or data), `changes` (configuration, version, membership).
 */
export const effects = [
  'stops',
  'stalls',
  'cuts',
  'degrades',
  'damages',
  'removes',
  'changes',
] as const

export type Effect = (typeof effects)[number]

export type Reading = string | number | boolean | null

/** One reading at one place; `before` is from before the fault, where it was read then. */
export interface Measurement {
  /** A member's name, or `cluster`. */
  readonly at: string
  readonly what: string
  readonly before?: Reading
  readonly now: Reading
}

/** What was measured while a fault was in force. */
export interface Proof {
  /** Whether the effect shows wherever it is expected. */
  readonly observed: boolean
  /** As it completes "expected …". */
  readonly expected: string
  readonly measured: readonly Measurement[]
}

/** As it completes "expected …". */
export function formatProof({ expected, measured }: Proof): string {
  const readings = measured.map(({ at, what, before, now }) => {
    const then = before === undefined ? '' : `${before} before and `
    return `${what} of ${at}: ${then}${now} now`
  })
  return `${expected}, observed ${readings.join('; ') || 'nothing'}`
}
