import type { Log } from '../../core/log.ts'
import type { Architecture } from '../../topology/spec.ts'

/** Which etcd image a command is to use. */
export interface ImageChoice {
  /** Of the catalogue; its default when neither `version` nor `image` is given. */
  readonly version?: string
  /** A reference, used unmodified. */
  readonly image?: string
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
  readonly source: 'registry' | 'debian' | 'image'
}
