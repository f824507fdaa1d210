import type { Belonging } from '../cleanup/labels.ts'
import type { TarEntry } from './tar.ts'

/** What a container is started with. */
export interface ContainerPlan extends Belonging {
  /** Unique at the engine. */
  readonly name: string
  readonly role: string
  readonly image: string
  readonly hostname: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Variables to remove even if the image sets them. */
  readonly unset?: readonly string[]
  readonly network: {
    readonly name: string
    readonly address: string
    readonly aliases: readonly string[]
    /** Address of the server to which names go that the engine does not know. */
    readonly nameServer?: string
  }
  readonly ports: readonly PublishedPort[]
  readonly volumes: readonly MountedVolume[]
  /** Copied in before it starts. May be a promise: the engine creates the container meanwhile. */
  readonly files: Promise<readonly TarEntry[]> | readonly TarEntry[]
  readonly resources?: Resources
}

export interface PublishedPort {
  readonly container: number
  readonly host: number
}

export interface MountedVolume {
  readonly volume: string
  readonly target: string
  readonly readOnly?: boolean
}

/** Limits of one container. An absent limit is unlimited. */
export interface Resources {
  readonly memoryBytes?: number
  /** Of one processor: 0.5 is half. */
  readonly cpus?: number
  /** Of the disk that backs the data, such as `/dev/vda`. */
  readonly disk?: {
    readonly device: string
    readonly writeOpsPerS?: number
    readonly writeBytesPerS?: number
  }
  /** In memory, limited: a full one gives a real ENOSPC. Lost when the container stops. */
  readonly tmpfs?: { readonly target: string; readonly sizeBytes: number }
}
