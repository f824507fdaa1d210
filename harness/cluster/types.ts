import type { Architecture, ClusterSpec } from '../topology/spec.ts'

/** What a client needs to reach a TLS cluster; PEM. Absent with `tls.client: 'none'`. */
export interface Credentials {
  readonly caPem: string
  readonly certPem: string
  readonly keyPem: string
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** What a member says of itself, asked over its client port with the cluster's credentials. */
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

/**
 * One etcd in one container. Its address, its published ports and its data survive kill, stop and
 * start. Every port is published on 127.0.0.1 only.
 */
export interface Member {
  readonly name: string
  readonly architecture: Architecture
  /** Such as `https://127.0.0.1:20431`. */
  readonly clientEndpoint: string
  /** Plain HTTP. */
  readonly metricsEndpoint: string
  /** On the cluster's own network; stable for the cluster's life. */
  readonly address: string
  readonly containerId: string

  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  /** Starts a stopped or killed member; returns when the process runs, not when it is healthy. */
  start(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  isRunning(): Promise<boolean>

  /** One attempt; throws when the member does not answer within `timeoutMs` (default 1,000). */
  status(timeoutMs?: number): Promise<MemberStatus>
  /** GET /health over the client port, as a probe does. One attempt; false when it fails. */
  isHealthy(timeoutMs?: number): Promise<boolean>

  /** All that the process has written so far, across restarts. */
  logs(): Promise<string>
  /** Runs a program of the member's image inside the member, such as etcdctl. */
  exec(argv: readonly string[]): Promise<ExecResult>
  /**
   * Runs a program of the toolbox image in the member's network namespace, with NET_ADMIN and no
   * other capability. Throws when the member is not running: its namespace is gone then.
   */
  inNetwork(argv: readonly string[]): Promise<ExecResult>
}

/** A running cluster. Disposing it removes its containers, volumes and network. */
export interface Cluster extends AsyncDisposable {
  readonly spec: ClusterSpec
  readonly members: readonly Member[]
  readonly credentials: Credentials | undefined
  /** Throws an InputError that lists the names there are. */
  member(name: string): Member
  /** The member that leads, agreed on by a majority; polled until `deadlineMs`. */
  leader(deadlineMs?: number): Promise<Member>
  followers(deadlineMs?: number): Promise<readonly Member[]>
  /** Polls until every member is healthy and all know the same leader. */
  untilHealthy(deadlineMs?: number): Promise<void>
}
