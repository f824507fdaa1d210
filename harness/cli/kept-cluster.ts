import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import { isRunId } from '../engine/cleanup/labels.ts'

/** A cluster that outlives the command that started it. */
export interface KeptCluster {
  readonly id: string
  readonly version: string
  readonly members: readonly {
    readonly name: string
    readonly clientEndpoint: string
    readonly metricsEndpoint: string
  }[]
  /** As whom etcdctl logs in, as `name:password`; absent where no user has a password. */
  readonly user?: string
  /** Holds `cluster.json` and the client's credentials. */
  readonly directory: string
}

/**
 * Private to the user and outside of the checkout, since it holds a key. Throws an InputError for what is no
 * run's id: an id may come from a label that anyone can set.
 */
export function keptDirectory(id: string): string {
  if (!isRunId(id)) throw new InputError(`Expected the id of a run, got \`${id}\``, { id })
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'etcd-gauntlet', id)
}

/** Writes how the cluster is reached, and its client's credentials, to `kept.directory`. */
export function keepCluster(
  kept: KeptCluster,
  credentials: Required<TlsCredentials> | undefined,
): void {
  const { directory } = kept
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  writeFileSync(join(directory, 'cluster.json'), `${JSON.stringify(kept, undefined, 2)}\n`)
  if (credentials === undefined) return
  writeFileSync(join(directory, 'ca.pem'), credentials.caPem)
  writeFileSync(join(directory, 'client.pem'), credentials.certPem)
  writeFileSync(join(directory, 'client-key.pem'), credentials.keyPem, { mode: 0o600 })
}

/** Removes what `keepCluster` wrote; the cluster itself stays. */
export function forgetCluster(id: string): void {
  rmSync(keptDirectory(id), { recursive: true, force: true })
}

/** Shell text for `eval`: the variables that etcdctl and most clients read. */
export function shellEnvironment({ id, directory, members, user }: KeptCluster): string {
  const variables = {
    ETCDCTL_API: '3',
    ETCDCTL_ENDPOINTS: members.map(({ clientEndpoint }) => clientEndpoint).join(','),
    ...(existsSync(join(directory, 'ca.pem')) && {
      ETCDCTL_CACERT: join(directory, 'ca.pem'),
      ETCDCTL_CERT: join(directory, 'client.pem'),
      ETCDCTL_KEY: join(directory, 'client-key.pem'),
    }),
    ...(user !== undefined && { ETCDCTL_USER: user }),
    GAUNTLET_CLUSTER: id,
  }
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  return `${lines.join('\n')}\n`
}
