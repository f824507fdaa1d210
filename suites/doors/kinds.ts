import type { ClusterSpec, DoorKind } from '../../harness/index.ts'

/** A door as the suite has it: the user's cluster with it in front. */
export interface Kind {
  readonly door: DoorKind
  /** As it begins a sentence, of one and of several. */
  readonly one: string
  readonly several: string
}

export const kinds: readonly Kind[] = [
  { door: 'gateway', one: 'a gateway', several: 'gateways' },
  { door: 'grpc-proxy', one: 'a gRPC proxy', several: 'gRPC proxies' },
]

export const behind =
  ({ door }: Kind) =>
  (spec: ClusterSpec): ClusterSpec => ({ ...spec, door })

/** Members must know their users without the certificates of clients. */
export const needsUsers =
  ({ door }: Kind) =>
  ({ auth }: ClusterSpec): string | undefined =>
    door === 'grpc-proxy' && auth?.by === 'certificate'
      ? 'a gRPC proxy ends TLS, and certificates name the users here'
      : undefined
