export type { Checker, Verdict } from './checkers/checker.ts'
export { checkEtcd } from './checkers/etcd-linearizability.ts'
export { checkLinearizable } from './checkers/linearizability.ts'
export { lock, lockPrefix } from './checkers/lock.ts'
export {
  type Simulation as EtcdSimulation,
  simulate as simulateEtcd,
} from './checkers/testing/etcd-simulator.ts'
export {
  type Simulation as RegisterSimulation,
  simulate as simulateRegisters,
} from './checkers/testing/register-simulator.ts'
export * as etcd from './client/index.ts'
export { startCluster } from './cluster/cluster.ts'
export { MemberExitedError } from './cluster/errors.ts'
export type { ClusterPlan } from './cluster/plan.ts'
export type * from './cluster/types.ts'
export { peerUrl } from './config/configuration.ts'
export { memberFlags } from './config/flags.ts'
export { DeadlineError, GuaranteeBrokenError, messageOf } from './core/errors.ts'
export { agentFor, type HttpResponse, sendOnce } from './core/http.ts'
export { stderrLog } from './core/log.ts'
export { done, notYet, type Observation, poll } from './core/poll.ts'
export { createRandom, randomSeed } from './core/random.ts'
export type { TlsCredentials } from './core/tls-credentials.ts'
export { labelsOf } from './engine/cleanup/labels.ts'
export { type SweepOptions, type Swept, sweep } from './engine/cleanup/sweep.ts'
export { connectEngine, type Engine } from './engine/connect.ts'
export { ensureToolbox, resolveImage } from './engine/images/images.ts'
export { createNetwork, type EngineNetwork } from './engine/network/network.ts'
export { reservePorts } from './engine/network/ports.ts'
export type { Fault, Undo } from './faults/fault.ts'
export * as faults from './faults/index.ts'
export { encodeLine } from './history/codec.ts'
export { operations } from './history/join.ts'
export type * from './history/operations.ts'
export type { History, HistoryEvent } from './history/operations.ts'
export * as bench from './load/index.ts'
export { type Lie, lies, startLyingProxies } from './lying-proxy/lies.ts'
export { type ClusterPki, issueCluster } from './pki/authority.ts'
export { memberFiles } from './pki/layout.ts'
export {
  type ThroughputMeasurement,
  type ThroughputRecord,
  type ThroughputRound,
  throughputFile,
} from './run-record/throughput-record.ts'
export { runStandalone, type StandaloneRun } from './scenario/run-standalone.ts'
export type * from './scenario/scenario.ts'
export { fiveMembers, inVariants, type Variant, withoutTls } from './scenario/variants.ts'
export { featuresOf, isSince } from './topology/etcd-features.ts'
export { withOptionsForVersion } from './topology/option-names.ts'
export { clusterSpec, preset } from './topology/presets.ts'
export type * from './topology/spec.ts'
export * as workloads from './workload/presets.ts'
export type { ProgramSpec } from './workload/workload.ts'
