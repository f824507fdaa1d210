export type Architecture = 'amd64' | 'arm64'

/**
 * A cluster as plain data: everything that decides how its members are configured, and nothing
 * about containers. Written and read in every deployment form; saved in run.json.
 */
export interface ClusterSpec {
  /** Names the cluster; also its `initial-cluster-token`. */
  readonly name: string
  /** etcd's version without a leading v, such as `3.5.16`. */
  readonly version: string
  readonly members: readonly MemberSpec[]
  readonly tls: TlsSpec
  readonly ports: PortsSpec
  /** Further etcd options by flag name without dashes, such as `quota-backend-bytes`. */
  readonly options: Readonly<Record<string, string>>
  readonly heartbeatIntervalMs: number
  readonly electionTimeoutMs: number
}

export interface MemberSpec {
  readonly name: string
  readonly architecture: Architecture
}

export interface PortsSpec {
  readonly client: number
  readonly peer: number
  /** Plain HTTP, `/metrics` and `/health`, as in the kubeadm manifest. */
  readonly metrics: number
}

export interface TlsSpec {
  /** `mutual` = servers prove themselves and clients must too. */
  readonly client: 'none' | 'server' | 'mutual'
  readonly peer: 'none' | 'mutual'
  readonly key: 'rsa-2048' | 'ecdsa-p256'
}
