import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { clusterPlacementSchema } from '../cluster/attach/placement.ts'
import type { Cluster } from '../cluster/types.ts'
import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import { readJson } from '../core/read-json.ts'
import { Type } from '../core/schema/type.ts'
import { createValidator, expectShape, type Shape } from '../core/schema/validator.ts'
import { isRunId } from '../engine/cleanup/labels.ts'

const keptSchema = Type.Object({
  id: Type.String(),
  version: Type.String(),
  members: Type.Array(
    Type.Object({
      name: Type.String(),
      clientEndpoint: Type.String(),
      metricsEndpoint: Type.String(),
    }),
  ),
  doors: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), clientEndpoint: Type.String() }), {
      description: 'What clients pass through; absent where they connect to the members.',
    }),
  ),
  user: Type.Optional(
    Type.String({
      description:
        'As whom etcdctl logs in, as `name:password`; absent where no user has a password.',
    }),
  ),
  placement: clusterPlacementSchema,
  directory: Type.String({ description: "Holds `cluster.json` and the client's credentials." }),
})
const keptValidator = createValidator(keptSchema)

/** A cluster that outlives the command that started it. */
export type KeptCluster = Shape<typeof keptSchema>

/**
 * Private to the user and outside of the checkout, since it holds a key. Throws an InputError for
 * what is no run's id: an id may come from a label that anyone can set.
 */
export function keptDirectory(id: string): string {
  if (!isRunId(id)) throw new InputError(`Expected the id of a run, got \`${id}\``, { id })
  return join(stateDirectory(), id)
}

function stateDirectory(): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'etcd-gauntlet')
}

/** How its members are reached now: a fault may have replaced some since it was kept. */
export async function describeMembers(
  cluster: Cluster,
): Promise<Pick<KeptCluster, 'members' | 'doors' | 'placement'>> {
  const members = cluster.members.map(({ name, clientEndpoint, metricsEndpoint }) => {
    return { name, clientEndpoint, metricsEndpoint }
  })
  const doors = cluster.doors.map(({ name, clientEndpoint }) => ({ name, clientEndpoint }))
  return { members, ...(doors.length > 0 && { doors }), placement: await cluster.placement() }
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

/**
 * What `keepCluster` wrote of that cluster, or of the only one there is. Throws an InputError for an id
 * that is not kept, and where the id is needed or nothing is kept at all.
 */
export function readKept(id?: string): {
  readonly kept: KeptCluster
  readonly credentials: Required<TlsCredentials> | undefined
} {
  const known = keptIds()
  const chosen = id ?? (known.length === 1 ? known[0] : undefined)
  if (chosen === undefined || !known.includes(chosen)) {
    const list = known.length === 0 ? 'there is none' : `one of ${known.join(', ')}`
    const got = id === undefined ? 'none' : `\`${id}\``
    throw new InputError(`Expected the id of a kept cluster (${list}), got ${got}`)
  }
  const directory = keptDirectory(chosen)
  const file = join(directory, 'cluster.json')
  const kept = expectShape(keptValidator, readJson(file, 'a kept cluster'), {
    what: 'the kept cluster',
    file,
  })
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  const credentials = existsSync(join(directory, 'ca.pem'))
    ? { caPem: read('ca.pem'), certPem: read('client.pem'), keyPem: read('client-key.pem') }
    : undefined
  return { kept, credentials }
}

export function keptIds(): readonly string[] {
  const directory = stateDirectory()
  if (!existsSync(directory)) return []
  return readdirSync(directory).filter((id) => existsSync(join(directory, id, 'cluster.json')))
}

/** Removes what `keepCluster` wrote; the cluster itself stays. */
export function forgetCluster(id: string): void {
  rmSync(keptDirectory(id), { recursive: true, force: true })
}

/** Shell text for `eval`: the variables that etcdctl and most clients read. */
export function shellEnvironment(kept: KeptCluster): string {
  const { id, directory, members, doors = members, user } = kept
  const variables = {
    ETCDCTL_API: '3',
    ETCDCTL_ENDPOINTS: doors.map(({ clientEndpoint }) => clientEndpoint).join(','),
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
