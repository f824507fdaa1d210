/** `shrinking.json`: the smallest part of a chaos that came out broken and was seen to fail too. */
export interface Shrinking {
  readonly format: 'gauntlet-shrinking/1'
  readonly steps: readonly ShrunkStep[]
  /** How many parts were run. */
  readonly runs: number
  /** Nothing smaller was left to try; else the limits came first. */
  readonly exhausted: boolean
}

export interface ShrunkStep {
  readonly fault: string
  readonly targets: readonly string[]
  readonly lengthMs: number
}
