import type { Log } from '../../core/log.ts'
import type { Architecture } from '../../topology/spec.ts'

/** Which etcd: at most one of these; the catalogue's default version when there is none. */
export interface EtcdChoice {
  /** Of the catalogue, or of the registry of GAUNTLET_REGISTRY. */
  readonly version?: string
  /** A reference, used unmodified. */
  readonly image?: string
  /** A directory with etcd, etcdctl and, where the version has it, etcdutl. */
  readonly binaries?: string
  readonly tarball?: Tarball
}

/** A release archive as etcd publishes it: `etcd-v3.5.16-linux-amd64.tar.gz`. */
export interface Tarball {
  /** A path, or a URL that begins with `http`. */
  readonly from: string
  /** In hexadecimal; required for a URL, checked wherever it is given. */
  readonly sha256?: string
}

/** Which etcd image a command is to use. */
export interface ImageChoice extends EtcdChoice {
  readonly architecture: Architecture | 'native'
  /** May build or fetch what the engine does not have. */
  readonly allowBuild: boolean
  readonly log: Log
}

export interface ResolvedImage {
  readonly reference: string
  readonly digest: string
  readonly version: string
  readonly architecture: Architecture
  /** The engine's architecture differs: deadlines scale, throughput is not judged. */
  readonly emulated: boolean
  readonly source: 'registry' | 'debian' | 'image' | 'binaries' | 'tarball'
}
