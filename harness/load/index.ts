/** Load generators, and how far their figures can be trusted. */

export { inChildProcess } from './child-process.ts'
export { type CountCheck, checkCount, type Written, writtenBetween } from './count-check.ts'
export type { ClosedLoad, Generator, MeasuredLoad, Target } from './generator.ts'
export type { GeneratorName } from './generators.ts'
export { keyBytes } from './keys.ts'
export type { Latency } from './latency.ts'
export { isNoisy, type MachineUse, machineCores, machineUse, otherProcessCores } from './machine.ts'
export { type Merged, mergeRounds } from './merge.ts'
export { costBetween, type MemberCost, type MemberMetrics, readMetrics } from './metrics.ts'
export { verifyCertificates } from './verify-certificates.ts'
export { warningsOf } from './warnings.ts'
