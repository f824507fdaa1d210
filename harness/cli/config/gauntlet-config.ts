import type { Architecture } from '../../topology/spec.ts'

/**
 * What a run is to do where no flag and no variable says it: each field is the option of `gauntlet
 * run` of that name, with a value as one would type it.
 */
interface RunDefaults {
  /** Suites, or single scenarios as suite/name. */
  readonly suites?: readonly string[]
  readonly etcd?: string
  readonly image?: string
  readonly binaries?: string
  readonly tarball?: string
  readonly sha256?: string
  readonly arch?: Architecture
  readonly members?: number
  readonly allowEven?: boolean
  readonly tls?: 'mutual' | 'server' | 'none'
  /** A directory with certificates that those of the run are like. */
  readonly pki?: string
  readonly auth?: 'password' | 'certificate'
  readonly authToken?: 'simple' | 'jwt'
  readonly door?: 'direct' | 'gateway' | 'grpc-proxy'
  /** Versions or images, one after the other, that upgrades go to. */
  readonly upgradeTo?: readonly string[]
  /** As `--load` takes it. */
  readonly load?: string | number
  /** Deployment files, relative to the directory of the command. */
  readonly from?: readonly string[]
  readonly form?: string
  /** Such as `heartbeat-interval=50`. */
  readonly flag?: readonly string[]
  /** Such as `writeOutageMs=3000`. */
  readonly objective?: readonly string[]
  readonly depth?: 'quick' | 'ci' | 'full'
  /** Such as `30m`. */
  readonly duration?: string
  readonly seed?: number
  readonly out?: string
  readonly keep?: 'all' | 'compressed' | 'failed'
}

/** `gauntlet.config.ts`. A profile's fields win over those beside it. */
export interface GauntletConfig extends RunDefaults {
  /** By the name that `--profile` takes. */
  readonly profiles?: Readonly<Record<string, RunDefaults>>
}

/** Returns the configuration as it is; its type is checked where it is written. */
export function defineConfig(config: GauntletConfig): GauntletConfig {
  return config
}
