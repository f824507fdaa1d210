import type { Cluster } from '../../cluster/types.ts'
import type { PromiseDeadlines } from './deadlines.ts'
import { inTime } from './timed-promise.ts'

const leader = { id: 'leader-elected', sentence: 'a majority of the members to know one leader' }
const health = { id: 'members-healthy', sentence: 'every member to be healthy and know one leader' }

/**
 * The cluster as a drill has it: to have a leader and healthy members is a promise of etcd's, from
 * the first steady state on. Before, a DeadlineError may be the machine's.
 */
export function promisedCluster(
  cluster: Cluster,
  {
    deadlines,
    wasSteady,
  }: { readonly deadlines: PromiseDeadlines; readonly wasSteady: () => boolean },
): Cluster {
  const promise = <T>(promised: typeof leader, wait: () => Promise<T>) =>
    wasSteady() ? inTime(promised, wait) : wait()
  return {
    get spec() {
      return cluster.spec
    },
    get members() {
      return cluster.members
    },
    get doors() {
      return cluster.doors
    },
    get credentials() {
      return cluster.credentials
    },
    credentialsOf: (user) => cluster.credentialsOf(user),
    get certificates() {
      return cluster.certificates
    },
    member: (name) => cluster.member(name),
    door: (name) => cluster.door(name),
    leader: (deadlineMs = deadlines.leaderMs) => promise(leader, () => cluster.leader(deadlineMs)),
    followers: (deadlineMs = deadlines.leaderMs) =>
      promise(leader, () => cluster.followers(deadlineMs)),
    untilHealthy: (deadlineMs = deadlines.healthyMs) =>
      promise(health, () => cluster.untilHealthy(deadlineMs)),
    startMember: (options) => cluster.startMember(options),
    reserveAddress: (name) => cluster.reserveAddress(name),
    removeMember: (name, options) => cluster.removeMember(name, options),
    tool: (argv, options) => cluster.tool(argv, options),
    placement: () => cluster.placement(),
    saveLogs: (directory) => cluster.saveLogs(directory),
    cutLogs: (directory) => cluster.cutLogs(directory),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}
