/**
 * The library's surface: what the product suites are made of, and all that a scenario of one's own
 * needs. The rest of the harness is internal. vitest's part is in vitest.ts.
 */
export type { Checker, Verdict } from './checkers/checker.ts'
export { judge } from './checkers/judge/judge-given.ts'
export { acknowledgedWrites, requestedWrites } from './checkers/keys/acknowledged-writes.ts'
export { defineConfig, type GauntletConfig } from './cli/config/gauntlet-config.ts'
export * as etcd from './client/index.ts'
export {
  type ConfigurationWay,
  configurationWays,
  reportConfiguration,
} from './cluster/configuration/report-configuration.ts'
export { MemberExitedError } from './cluster/errors.ts'
export type * from './cluster/member/settings.ts'
export * as membership from './cluster/membership.ts'
export type { ClusterPlan } from './cluster/plan.ts'
export { startCluster } from './cluster/start.ts'
export type * from './cluster/tools.ts'
export type * from './cluster/types.ts'
export { DeadlineError, GuaranteeBrokenError, messageOf, ToolError } from './core/errors.ts'
export type { ListedMember } from './core/etcd/listed-member.ts'
export { type Labels, parsePrometheus, sumOf } from './core/etcd/prometheus.ts'
export { stderrLog } from './core/log.ts'
export { agentFor, type HttpResponse, sendOnce } from './core/network/http.ts'
export type { TlsCredentials } from './core/network/tls-credentials.ts'
export { done, notYet, type Observation, poll } from './core/poll.ts'
export { createRandom, randomSeed } from './core/random.ts'
export { ensureToolbox } from './engine/images/ensure-built.ts'
export { resolveImage } from './engine/images/resolve.ts'
export type { Fault, Undo } from './faults/fault.ts'
export * as faults from './faults/index.ts'
export { operations } from './history/join.ts'
export type * from './history/operations.ts'
export * as load from './load/index.ts'
export { type Lie, lies, startLyingProxies } from './lying-proxy/lies.ts'
export { issueCluster, type MemberLeaf } from './pki/authority.ts'
export type { EtcdUnderTest, ScenarioOutcome, ScenarioRecord } from './run-record/run-record.ts'
export {
  measuresByClients,
  type ThroughputMeasurement,
  type ThroughputRecord,
  type ThroughputRound,
  throughputFile,
} from './run-record/throughput-record.ts'
export { runStandalone, type StandaloneRun } from './scenario/run-standalone.ts'
export type * from './scenario/scenario.ts'
export {
  type InForce,
  inject,
  startTestCluster,
  type TestClusterOptions,
} from './scenario/test-cluster.ts'
export { fiveMembers, inVariants, type Variant, withAuth, withoutTls } from './scenario/variants.ts'
export { clientsHave, type DoorKind, traitsOf } from './topology/door.ts'
export { type FeatureName, featuresOf, versionsSince } from './topology/etcd-features.ts'
export { withOptionsForVersion } from './topology/option-names.ts'
export { isOff, isOn, isOnEverywhere, numberOf, optionOf } from './topology/option-values.ts'
export * as options from './topology/options/options.ts'
export { clusterSpec, preset, resizeCluster } from './topology/presets.ts'
export type * from './topology/spec.ts'
export * as timing from './topology/timing.ts'
export { clientUrl, peerUrl } from './topology/urls.ts'
export * as workloads from './workload/presets.ts'
export type { ProgramSpec } from './workload/workload.ts'
