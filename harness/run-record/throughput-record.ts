import type { Schema } from './schema.ts'

/** The name of the file that lies beside the history of a scenario that measured throughput. */
export const throughputFile = 'throughput.json'

/** What was measured, whole: the run record has only the figures that one looks for first. */
export interface ThroughputRecord {
  readonly format: 'gauntlet-throughput/1'
  readonly keys: number
  readonly keyBytes: number
  readonly valueBytes: number
  readonly measurements: readonly ThroughputMeasurement[]
}

/** One generator with one number of clients, all its rounds together. */
export interface ThroughputMeasurement {
  readonly generator: string
  /** Which members it was to write to, and those that its clients were connected with. */
  readonly target: 'leader' | 'all'
  readonly members: readonly string[]
  readonly clients: number
  /** How long was measured, without warming up. */
  readonly windowMs: number
  readonly writesPerS: number
  /** Of writes acknowledged in that time; null = there were none. */
  readonly latency: Readonly<Record<LatencyName, number | null>>
  /** Microseconds: HdrHistogram V2, compressed, base64. */
  readonly histogram: string
  /** Warm-up included, like all that follows. */
  readonly sent: number
  readonly acknowledged: number
  readonly errors: Readonly<Record<string, number>>
  /** Of the generator's process: processor time, and the share of time its thread was busy. */
  readonly cpuCores: number
  readonly busy: number
  readonly rounds: readonly ThroughputRound[]
  /** What must be said beside the figures. */
  readonly warnings: readonly string[]
}

export type LatencyName = 'p50Ms' | 'p90Ms' | 'p99Ms' | 'p999Ms' | 'maxMs'

export interface ThroughputRound {
  readonly writesPerS: number
  readonly eachSecond: readonly number[]
  /** Between the two looks at the members. */
  readonly elapsedMs: number
  /** Used meanwhile by processes of this machine that are no part of the measurement. */
  readonly otherProcessCores: number
  /** The count held against etcd's revision. */
  readonly proof: {
    readonly revisionBefore: number
    readonly revisionAfter: number
    readonly atLeast: number
    readonly atMost: number
    readonly holds: boolean
  }
  readonly costs: readonly MemberCostRecord[]
}

export interface MemberCostRecord {
  readonly member: string
  readonly cpuS: number
  readonly residentBytes: number
  readonly walFsync: DurationRecord
  readonly backendCommit: DurationRecord
}

export interface DurationRecord {
  readonly count: number
  readonly meanMs: number | null
  /** Of a bucket of etcd's own metrics. */
  readonly p99AtMostMs: number | null
}

const text: Schema = { type: 'string' }
const flag: Schema = { type: 'boolean' }
const amount: Schema = { type: 'number', minimum: 0 }
const count: Schema = { type: 'integer', minimum: 0 }
const perhaps: Schema = { type: ['number', 'null'] }
const list = (items: Schema): Schema => ({ type: 'array', items })
const object = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const duration = object({ count, meanMs: perhaps, p99AtMostMs: perhaps })

const round = object({
  writesPerS: amount,
  eachSecond: list(count),
  elapsedMs: amount,
  otherProcessCores: amount,
  proof: object({
    revisionBefore: count,
    revisionAfter: count,
    atLeast: count,
    atMost: count,
    holds: flag,
  }),
  costs: list(
    object({
      member: text,
      cpuS: { type: 'number' },
      residentBytes: amount,
      walFsync: duration,
      backendCommit: duration,
    }),
  ),
})

/** Published as docs/throughput.schema.json. Unknown fields are allowed. */
export const throughputSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'gauntlet-throughput/1',
  title: 'gauntlet-throughput/1',
  description:
    'What a throughput scenario measured, written as throughput.json beside its history.',
  ...object({
    format: { type: 'string', const: 'gauntlet-throughput/1' },
    keys: count,
    keyBytes: count,
    valueBytes: count,
    measurements: list(
      object({
        generator: text,
        target: { enum: ['leader', 'all'] },
        members: list(text),
        clients: count,
        windowMs: amount,
        writesPerS: amount,
        latency: object({
          p50Ms: perhaps,
          p90Ms: perhaps,
          p99Ms: perhaps,
          p999Ms: perhaps,
          maxMs: perhaps,
        }),
        histogram: text,
        sent: count,
        acknowledged: count,
        errors: { type: 'object', additionalProperties: count },
        cpuCores: amount,
        busy: amount,
        rounds: list(round),
        warnings: list(text),
      }),
    ),
  }),
}
