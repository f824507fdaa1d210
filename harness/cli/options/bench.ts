import { operationNames } from '../../load/generator.ts'
import { accessOptions } from './access.ts'
import { clusterOptions } from './cluster.ts'
import type { OptionTable, ValuesOf } from './table.ts'
import { anyText, durationMs, type OptionValue, oneOf, wholeNumber } from './value.ts'

const wholeNumbers: OptionValue<readonly number[]> = {
  expected: 'whole numbers such as 1,100,1000',
  parse: (text) => {
    const parts = text.split(',')
    return parts.every((part) => /^\d{1,10}$/.test(part)) ? parts.map(Number) : undefined
  },
  format: (values) => values.join(','),
}

/** Its generators and peers connect to the members themselves. */
const { door: _, ...withoutDoor } = clusterOptions

/** The options of `gauntlet bench`. */
export const benchOptions = {
  ...withoutDoor,
  endpoints: {
    flags: '--endpoints <urls>',
    description:
      'measure the cluster at these client URLs, separated by commas, not one of its own',
    value: anyText,
  },
  ...accessOptions,
  generator: {
    flags: '--generator <name>',
    description: 'lean, etcd3 (as applications use gRPC) or gateway (JSON)',
    value: oneOf('lean', 'etcd3', 'gateway'),
    default: 'lean',
  },
  operation: {
    flags: '--operation <name>',
    description: `one of ${operationNames.join(', ')}; all but put need the generator lean`,
    value: oneOf(...operationNames),
    default: 'put',
  },
  target: {
    flags: '--target <members>',
    description: 'all or leader',
    value: oneOf('all', 'leader'),
    default: 'all',
  },
  clients: {
    flags: '--clients <numbers>',
    description: 'how many clients; each number is measured',
    value: wholeNumbers,
    default: [1, 100, 1_000],
  },
  connections: {
    flags: '--connections <number>',
    description: 'connections that the clients of lean share; default 2 a member',
    value: wholeNumber,
  },
  rate: {
    flags: '--rate <number>',
    description: 'open loop: this many requests a second are due, whatever the answers',
    value: wholeNumber,
  },
  keySize: {
    flags: '--key-size <bytes>',
    description: 'of a key, its prefix included',
    value: wholeNumber,
    default: 32,
  },
  valueSize: {
    flags: '--value-size <bytes>',
    description: 'of a value',
    value: wholeNumber,
    default: 256,
  },
  keys: {
    flags: '--keys <number>',
    description: 'distinct keys, written over and over',
    value: wholeNumber,
    default: 10_000,
  },
  duration: {
    flags: '--duration <time>',
    description: 'of each measurement, after a second of warm-up',
    value: durationMs,
    default: 10_000,
  },
  requests: {
    flags: '--requests <number>',
    description: 'end a measurement earlier, after this many requests',
    value: wholeNumber,
    default: 100_000_000,
  },
  rounds: {
    flags: '--rounds <number>',
    description: 'measure everything this often, in turn',
    value: wholeNumber,
    default: 1,
  },
  sweep: { flags: '--sweep', description: 'also open loops at rising rates, to find the knee' },
  vs: {
    flags: '--vs <tool>',
    description:
      "etcdctl (its check perf) or benchmark=PATH (etcd's own tool), in turn with ours; may be repeated",
    values: anyText,
  },
  baseline: {
    flags: '--baseline <file>',
    description: 'the throughput.json of an earlier bench with --vs: compare the ratios',
    value: anyText,
  },
  out: {
    flags: '--out <directory>',
    description: 'where the record is written',
    value: anyText,
    default: 'reports/out',
  },
  json: { flags: '--json', description: 'print the record as JSON' },
} as const satisfies OptionTable

export type BenchOptions = ValuesOf<typeof benchOptions>
