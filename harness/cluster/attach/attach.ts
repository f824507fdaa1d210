import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import { connectEngine } from '../../engine/connect.ts'
import { type FoundContainer, findContainers } from '../../engine/container/find-containers.ts'
import type { Certificates } from '../certificates.ts'
import { attachInfrastructure } from '../infrastructure/infrastructure.ts'
import { RunningMember } from '../member/running-member.ts'
import type { ClusterPlan } from '../plan.ts'
import { RunningCluster } from '../running-cluster.ts'
import { runningDoor } from '../running-door.ts'
import type { ContainerFile } from '../tools.ts'
import type { Cluster } from '../types.ts'
import type { ClusterPlacement, MemberPlacement } from './placement.ts'

/** A cluster that another process started and keeps. */
export interface AttachedCluster extends AsyncDisposable {
  readonly cluster: Cluster
  /** Removes what this process put beside the members; the cluster itself goes on. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface AttachOptions {
  /** Of the run that started it. */
  readonly runId: string
  readonly placement: ClusterPlacement
  /** Of a client that may do everything; undefined where clients use no TLS. */
  readonly credentials: Required<TlsCredentials> | undefined
  readonly log?: Log
}

/**
 * Reaches a kept cluster as its starter does: its members may be killed, cut off, recreated, its doors
 * killed, frozen, cut off. The key
 * of its CA is nowhere but in the process that started it, so that no certificate can be issued: what
 * needs one throws an EnvironmentError. The same error for a member or door that has no container any more.
 */
export async function attachCluster(options: AttachOptions): Promise<AttachedCluster> {
  const { runId, placement, credentials, log } = options
  const engine = await connectEngine()
  const [found, foundDoors] = await Promise.all([
    findContainers(engine, runId, 'member'),
    findContainers(engine, runId, 'door'),
  ])
  const placed = placement.members.map((member) => {
    return { member, ...expectFound(found, member.name, runId) }
  })
  const { spec, timeScale, image } = placement
  const plan: ClusterPlan = {
    spec,
    runId,
    image,
    timeScale,
    keep: true,
    ...(placement.toolboxImage !== undefined && { toolboxImage: placement.toolboxImage }),
    ...(log && { log }),
  }
  const infrastructure = attachInfrastructure(engine, plan, {
    network: placement.network,
    addresses: Object.assign(
      {},
      ...placement.members.map(({ addresses }) => addresses),
      placement.addresses,
    ),
    volumes: new Map(
      placed.flatMap(({ member, volume }) => (volume ? [[member.name, volume]] : [])),
    ),
  })
  const certificates = keptCertificates(credentials, await readFiles(placed))
  const common = {
    infrastructure,
    certificates: Promise.resolve(certificates),
    tokenKeys: Promise.resolve(undefined),
  }
  const members = placed.map(({ member: { files: _, ...home }, container }) => {
    return new RunningMember({ ...common, settings: {}, home }, container)
  })
  await Promise.all(members.map((member) => member.openProbe()))
  const cluster = new RunningCluster(common, members)
  await cluster.adoptCertificates()
  cluster.adoptDoors(
    (placement.doors ?? []).map((place) => {
      const { container } = expectFound(foundDoors, place.name, runId)
      return runningDoor({ infrastructure, certificates, container, place })
    }),
  )
  return { cluster, [Symbol.asyncDispose]: () => cluster.leave() }
}

function expectFound(
  found: ReadonlyMap<string, FoundContainer>,
  name: string,
  runId: string,
): FoundContainer {
  const container = found.get(name)
  if (container !== undefined) return container
  throw new EnvironmentError(
    `Expected a container of ${name}, found none: gauntlet down ${runId} removes the rest`,
    { runId, name },
  )
}

/** A container is removed before the next one of its member gets the same files. */
async function readFiles(
  placed: readonly (Pick<FoundContainer, 'container'> & { readonly member: MemberPlacement })[],
): Promise<ReadonlyMap<string, readonly ContainerFile[]>> {
  const read = placed.map(async ({ member, container }) => {
    const files = member.files.map(async (path): Promise<ContainerFile> => {
      const [file] = await container.getFiles(path)
      if (file !== undefined) return { ...file, path }
      throw new EnvironmentError(`Expected ${path} in ${member.name} to be a file, got none`)
    })
    return [member.name, await Promise.all(files)] as const
  })
  return new Map(await Promise.all(read))
}

/** What a cluster has whose CA is not at hand. */
function keptCertificates(
  credentials: Required<TlsCredentials> | undefined,
  files: ReadonlyMap<string, readonly ContainerFile[]>,
): Certificates {
  const refuse = async (): Promise<never> => {
    throw new EnvironmentError(
      'Expected the key of the CA to issue a certificate, got none: a kept cluster does not have it',
    )
  }
  return {
    credentials,
    credentialsOf: (user) => (user === 'root' ? credentials : undefined),
    filesOf: async (name) => files.get(name) ?? (credentials === undefined ? [] : refuse()),
    renew: refuse,
    proxyFiles: refuse,
    renewClient: refuse,
    issueClient: refuse,
    revoke: refuse,
    changeAuthority: refuse,
  }
}
