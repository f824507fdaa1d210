import { amount, count, numberOrNull, record } from '../core/schema/parts.ts'
import { Type } from '../core/schema/type.ts'
import { createValidator, type Shape } from '../core/schema/validator.ts'

/** The file in the directory of a scenario that measured throughput. */
export const throughputFile = 'throughput.json'

const text = Type.String()

const durationSchema = Type.Object({
  count,
  meanMs: numberOrNull,
  p99AtMostMs: Type.Union([Type.Number(), Type.Null()], {
    description: "The upper bound of a bucket of etcd's own metrics.",
  }),
})

const memberCostSchema = Type.Object({
  member: text,
  cpuS: Type.Number(),
  residentBytes: amount,
  walFsync: durationSchema,
  backendCommit: durationSchema,
})

const roundSchema = Type.Object({
  writesPerS: amount,
  eachSecond: Type.Array(count),
  elapsedMs: Type.Number({
    minimum: 0,
    description: "Between the two readings of the members' metrics.",
  }),
  otherProcessCores: Type.Number({
    minimum: 0,
    description: 'Used meanwhile by processes of this machine that are no part of the measurement.',
  }),
  proof: Type.Object(
    {
      revisionBefore: count,
      revisionAfter: count,
      atLeast: count,
      atMost: count,
      holds: Type.Boolean(),
    },
    { description: "The count of writes, compared with etcd's revision." },
  ),
  costs: Type.Array(memberCostSchema),
})

const latencySchema = Type.Object(
  {
    p50Ms: numberOrNull,
    p90Ms: numberOrNull,
    p99Ms: numberOrNull,
    p999Ms: numberOrNull,
    maxMs: numberOrNull,
  },
  { description: 'Of writes acknowledged in the window; null = there were none.' },
)

const overTimeSchema = Type.Object(
  { everyMs: amount, histograms: Type.Array(text) },
  { description: 'The same for each interval of the window, round after round.' },
)

const measurementSchema = Type.Object({
  generator: text,
  operation: Type.Optional(
    Type.String({ description: 'What the clients requested; default put.' }),
  ),
  ratePerS: Type.Optional(
    Type.Number({ minimum: 0, description: 'Of an open loop: requests due a second.' }),
  ),
  target: Type.Enum(['leader', 'all'], { description: 'The members that it was to write to.' }),
  members: Type.Array(text, { description: 'The members that its clients were connected to.' }),
  clients: count,
  windowMs: Type.Number({
    minimum: 0,
    description: 'How long was measured, without warming up.',
  }),
  writesPerS: Type.Number({
    minimum: 0,
    description: 'Acknowledged requests, or received events of a watch, in the window.',
  }),
  latency: latencySchema,
  histogram: Type.String({ description: 'Microseconds: HdrHistogram V2, compressed, base64.' }),
  overTime: Type.Optional(overTimeSchema),
  sent: Type.Integer({
    ...count,
    description: 'Warm-up included, like all that follows.',
  }),
  acknowledged: count,
  refused: Type.Optional(
    Type.Integer({ ...count, description: 'Requests that certainly had no effect.' }),
  ),
  notStarted: Type.Optional(
    Type.Integer({ ...count, description: 'Due in an open loop while no client was free.' }),
  ),
  errors: record(count),
  cpuCores: Type.Number({ minimum: 0, description: "Processor time of the generator's process." }),
  busy: Type.Number({ minimum: 0, description: 'The share of time its thread was busy.' }),
  memoryBytes: Type.Optional(
    Type.Number({ minimum: 0, description: "The most that the generator's process used." }),
  ),
  rounds: Type.Array(roundSchema),
  warnings: Type.Array(text, { description: 'What readers of the figures must know.' }),
})

const comparisonSchema = Type.Object(
  {
    peer: text,
    clients: count,
    oursPerS: Type.Array(amount),
    theirsPerS: Type.Array(amount),
    ratio: Type.Number({ minimum: 0, description: 'Of the medians: ours by theirs.' }),
    theirCpuMsPer10k: Type.Union([Type.Number(), Type.Null()], {
      description: "The tool's processor time for 10,000 writes, its start included.",
    }),
  },
  { description: 'Another tool, measured in turn on the same cluster.' },
)

/** Published as docs/throughput.schema.json. Unknown fields are allowed. */
export const throughputSchema = Type.Object(
  {
    format: Type.Literal('gauntlet-throughput/1'),
    keys: count,
    keyBytes: count,
    valueBytes: count,
    measurements: Type.Array(measurementSchema),
    comparisons: Type.Optional(Type.Array(comparisonSchema)),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'gauntlet-throughput/1',
    title: 'gauntlet-throughput/1',
    description:
      'What a throughput scenario measured, written as throughput.json beside its history.',
  },
)

/** All measurements; the run record has only the main figures. */
export interface ThroughputRecord extends Shape<typeof throughputSchema> {}

/** One generator with one number of clients, all its rounds together. */
export interface ThroughputMeasurement extends Shape<typeof measurementSchema> {}

/** Our generator beside another tool, by their ratios. */
export interface ThroughputComparison extends Shape<typeof comparisonSchema> {}

/** The latencies that a measurement has, such as `p99Ms`. */
export type LatencyName = keyof ThroughputMeasurement['latency']

/** One round of a measurement. */
export interface ThroughputRound extends Shape<typeof roundSchema> {}

/**
 * What a scenario's measures call its measurements: rate and slowest percent by number of clients,
 * and by generator where there are several.
 */
export function measuresByClients(
  measurements: readonly ThroughputMeasurement[],
): Record<string, number | null> {
  const several = new Set(measurements.map(({ generator }) => generator)).size > 1
  return Object.fromEntries(
    measurements.flatMap(({ generator, clients, writesPerS, latency }) => {
      const prefix = several ? `${generator}Clients${clients}` : `clients${clients}`
      return [
        [`${prefix}WritesPerS`, Math.round(writesPerS * 10) / 10],
        [`${prefix}P99Ms`, latency.p99Ms],
      ] as const
    }),
  )
}

/** Reads `throughput.json`. */
export const throughputValidator = createValidator(throughputSchema)
