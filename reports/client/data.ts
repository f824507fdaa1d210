/** What a scenario's section embeds for its charts; written by the renderer, read in the browser. */
export interface ChartData {
  readonly lengthS: number
  readonly faults: readonly { readonly fromS: number; readonly toS: number }[]
  readonly outages: readonly {
    readonly of: 'writes' | 'reads'
    readonly fromS: number
    readonly toS: number
    readonly label: string
  }[]
  readonly elections: readonly number[]
  readonly points: PackedPoints
  readonly rate: RateData
}

/**
 * Columns of one entry an operation, in the order of their invocations, as base64.
 * `timesBase64`: differences in 0.1 ms as LEB128; `latenciesBase64`: 16-bit little-endian,
 * `latencyStepsPerDecade` steps a decade above 1 µs; `kindsBase64`: class × 3 + outcome.
 */
export interface PackedPoints {
  readonly count: number
  /** Operations there were; more than `count` when those on the same dot were left out. */
  readonly of: number
  readonly timesBase64: string
  readonly latenciesBase64: string
  readonly kindsBase64: string
}

export const latencyStepsPerDecade = 7_000

export interface RateData {
  readonly stepS: number
  /** Per step and second: acknowledged writes, successful reads, everything failed or unknown. */
  readonly writes: readonly number[]
  readonly reads: readonly number[]
  readonly troubled: readonly number[]
}
