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

/** A door of the user's own stays. */
export const behind =
  ({ door }: Kind) =>
  (spec: ClusterSpec): ClusterSpec => ({ ...spec, door: spec.door ?? door })

/** Why the cluster has no such door in front, if so. */
export const unfit =
  (kind: Kind) =>
  ({ auth, door }: ClusterSpec): string | undefined => {
    if (door !== kind.door) return `clients of this cluster come through ${oneOf(door)}`
    // Members must know their users without the certificates of clients.
    return door === 'grpc-proxy' && auth?.by === 'certificate'
      ? 'a gRPC proxy ends TLS, and certificates name the users here'
      : undefined
  }

const oneOf = (door: DoorKind | undefined) => kinds.find((kind) => kind.door === door)?.one
