import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { MemberLeaf } from '../pki/authority.ts'
import type { AuthUser } from '../topology/auth-users.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'
import type { ClusterPlacement } from './attach/placement.ts'
import type { Certificates } from './certificates.ts'
import type {
  MemberLimits,
  MemberSettings,
  RecreateOptions,
  StartMemberOptions,
} from './member/settings.ts'
import type { ContainerFile, ExecResult, ReadContent, ToolOptions, ToolResult } from './tools.ts'

/** A member's own status, read over its client port with the cluster's credentials. */
export interface MemberStatus {
  /** Hexadecimal, as etcdctl prints it. */
  readonly memberId: string
  readonly clusterId: string
  /** Hexadecimal id of the leader it knows; null when it knows none. */
  readonly leaderId: string | null
  readonly term: number
  readonly revision: number
  readonly raftIndex: number
  readonly dbSizeBytes: number
  readonly version: string
  readonly learner: boolean
  readonly errors: readonly string[]
}

/** The process of a member, as the engine sees it. */
export interface MemberProcess {
  /** True also while it is paused. */
  readonly running: boolean
  readonly paused: boolean
  /** Changes with every start: tells one life of the process from the next. */
  readonly startedAt: string
  /** The kernel killed it for lack of memory. */
  readonly outOfMemory: boolean
  /** As a shell has it, 137 after SIGKILL; 0 while it runs. */
  readonly exitCode: number
  readonly arguments: readonly string[]
  readonly imageId: string
  /** As the engine has them now; 0 = none. */
  readonly limits: { readonly cpus: number; readonly memoryBytes: number }
}

/** What the kernel counts for a running member; zeros for one that does not run. */
export interface MemberUsage {
  /** Periods in which its limit of processor time made it wait, since it started. */
  readonly throttledPeriods: number
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  /** How often it wanted more memory than its limit; 0 where the kernel does not count it. */
  readonly memoryLimitHits: number
}

/**
 * One etcd in one container. Its address, its published ports and its data survive kill, stop and
 * start. Every port is published on 127.0.0.1 only.
 */
export interface Member {
  readonly name: string
  readonly architecture: Architecture
  /** Such as `https://127.0.0.1:20431`. */
  readonly clientEndpoint: string
  /** Where clients use HTTP: the same, unless the user gave it a port of its own. */
  readonly httpEndpoint: string
  /** Plain HTTP. */
  readonly metricsEndpoint: string
  /** Plain HTTP, of a binary with failpoints whose cluster has them on. */
  readonly failpointsEndpoint: string | undefined
  /** On the cluster's own network; stable for the cluster's life. */
  readonly address: string
  readonly containerId: string
  /** Absolute, inside the container, on a volume of its own. */
  readonly dataDirectory: string
  /** What differs from the spec in it at present. */
  readonly settings: MemberSettings

  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, then SIGKILL after `graceMs` (default 10,000). */
  stop(graceMs?: number): Promise<void>
  /** Starts a stopped or killed member; returns when the process runs, not when it is healthy. */
  start(): Promise<void>
  /** Freezes the process; it keeps its connections. Nothing when it is paused already. */
  pause(): Promise<void>
  /** Ends a pause. Nothing when there is none. */
  resume(): Promise<void>
  /** True also while it is paused. */
  isRunning(): Promise<boolean>
  /** The state of its process; `running` is false too while it has no container. */
  process(): Promise<MemberProcess>
  /** One reading of the kernel's counters. */
  usage(): Promise<MemberUsage>
  /**
   * Replaces its container by one with other settings, which add to those it had: other flags,
   * another image, an empty disk. Address, ports, certificates, logs and (unless wiped) data stay.
   */
  recreate(options?: RecreateOptions): Promise<void>

  /**
   * Changes its limits while it runs, until they are changed again or it is recreated; null lifts
   * one. Throws when the kernel refuses: with cgroup v1 a memory limit that is already exceeded.
   */
  limit(limits: MemberLimits): Promise<void>
  /**
   * Puts new certificates and keys of its own in place; etcd reads them at the next handshake. `leaf`
   * is what they have otherwise than the usual ones, such as another name.
   */
  renewCertificates(leaf?: MemberLeaf): Promise<void>
  /**
   * Puts what the cluster's certificates are at present in place, and renews none: trusted CAs, which
   * etcd reads when it starts, and revoked clients, which it reads at each handshake.
   */
  installCertificates(): Promise<void>

  /** One attempt; throws when the member does not answer within `timeoutMs` (default 1,000). */
  status(timeoutMs?: number): Promise<MemberStatus>
  /** GET /health over the client port, as a probe does. One attempt; false when it fails. */
  isHealthy(timeoutMs?: number): Promise<boolean>

  /** All that the member has written so far, across restarts and recreations. */
  logs(): Promise<string>
  /** Runs a program of the member's image inside the member, such as etcdctl. */
  exec(argv: readonly string[]): Promise<ExecResult>
  /** etcdctl inside the member, against its own client port with the cluster's credentials. */
  etcdctl(args: readonly string[]): Promise<ExecResult>
  /** Also while it is stopped; files are copied in again when it is recreated. */
  copyIn(files: readonly ContainerFile[]): Promise<void>
  /** The files at or under an absolute path, also while it is stopped. */
  copyOut(path: string): Promise<readonly ContainerFile[]>
  /**
   * One file at an absolute path, also while it is stopped: only what `read` takes is transferred.
   * Rejects when there is none.
   */
  readFile<Result>(path: string, read: ReadContent<Result>): Promise<Result>
  /**
   * Runs a program of the toolbox image in the member's network namespace, with NET_ADMIN and no
   * other capability. Throws when the member is not running: its namespace is gone then.
   */
  inNetwork(argv: readonly string[]): Promise<ExecResult>
}

/**
 * A process of etcd's own that clients pass through on their way to the members: `etcd gateway` or `etcd
 * grpc-proxy`. It knows every member of the start, and stands beside one, whose clients use it.
 */
export interface Door {
  /** Such as `m1-gateway`. */
  readonly name: string
  /** Published on 127.0.0.1. */
  readonly clientEndpoint: string
  /** The client endpoint of the member beside which it stands. */
  readonly memberEndpoint: string
  /** On the cluster's own network; stable for the cluster's life. */
  readonly address: string
  /** As those of a member. */
  kill(): Promise<void>
  start(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  isRunning(): Promise<boolean>
  process(): Promise<MemberProcess>
  inNetwork(argv: readonly string[]): Promise<ExecResult>
  /** One attempt to ask some member for its status through it; throws when none answers in time. */
  status(timeoutMs?: number): Promise<MemberStatus>
}

/** What may happen to the certificates of a running cluster. */
export type CertificateChanges = Pick<
  Certificates,
  'renewClient' | 'issueClient' | 'revoke' | 'changeAuthority'
>

/** A running cluster. Disposing it removes its containers, volumes and network. */
export interface Cluster extends AsyncDisposable {
  readonly spec: ClusterSpec
  /** The present members, in the order in which they joined. */
  readonly members: readonly Member[]
  /** One beside each member of the start, in their order; none where clients connect to the members. */
  readonly doors: readonly Door[]
  /** As they are now; undefined with `tls.client: 'none'`. */
  readonly credentials: Required<TlsCredentials> | undefined
  /** The same of another user, where authentication is on. */
  credentialsOf(user: AuthUser): TlsCredentials | undefined
  /** Throws an EnvironmentError without TLS. */
  readonly certificates: CertificateChanges
  /** Throws an InputError that lists the present names. */
  member(name: string): Member
  /** Throws an InputError that lists the doors. */
  door(name: string): Door
  /** The member that leads, agreed on by a majority; polled until `deadlineMs`. */
  leader(deadlineMs?: number): Promise<Member>
  /** The other members, learners included, once there is a leader; as `leader`. */
  followers(deadlineMs?: number): Promise<readonly Member[]>
  /** Polls until every member is healthy and all know the same leader. */
  untilHealthy(deadlineMs?: number): Promise<void>

  /**
   * Starts one more container, with certificates of its own, as a member that joins. That etcd
   * knows of it (`member add`) is up to the caller, before or wrongly after.
   */
  startMember(options: StartMemberOptions): Promise<Member>
  /** The address that `startMember` will give it, for `member add` beforehand. */
  reserveAddress(name: string): string
  /**
   * Removes the container and, unless kept, its data; etcd's own `member remove` is up to the caller.
   * A member started later under the name finds kept data.
   */
  removeMember(name: string, options?: { readonly keepData?: boolean }): Promise<void>
  /** Runs a program in a container of its own until it exits. */
  tool(argv: readonly string[], options?: ToolOptions): Promise<ToolResult>
  /** What another process needs to reach it, for one that is kept; holds no key. */
  placement(): Promise<ClusterPlacement>
  /** Writes `<member>.log` of every member, present or removed. */
  saveLogs(directory: string): Promise<void>
  /** Writes what each of them wrote since the last cut, as `<member>.log.gz`, and forgets it. */
  cutLogs(directory: string): Promise<void>
}
