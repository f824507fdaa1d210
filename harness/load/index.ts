/** Load generators, and how far their figures can be trusted. */

export { inChildProcess } from './child-process.ts'
export { type CountCheck, checkCount, type Written, writtenBetween } from './count-check.ts'
export {
  type CredentialFiles,
  type Generator,
  type Load,
  type MeasuredLoad,
  type OperationName,
  operationNames,
  type Target,
} from './generator.ts'
export type { GeneratorName } from './generators.ts'
export { keyBytes } from './keys.ts'
export type { Latency } from './latency.ts'
export { isNoisy, machineCores } from './machine.ts'
export {
  type ClusterSample,
  costOfRound,
  type MeasuredCluster,
  type MeasuredRound,
  measureRound,
  takeSample,
} from './measure-load.ts'
export { type MemberMetrics, parseMetrics, readMetrics } from './metrics.ts'
export { summarizeRounds } from './summarize-rounds.ts'
