import { startCluster } from '../cluster/start.ts'
import type { Cluster } from '../cluster/types.ts'
import type { Proof } from '../core/effect.ts'
import { InputError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { suggestion } from '../core/text/nearest.ts'
import { ensureToolbox } from '../engine/images/ensure-built.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import { namedFaults } from '../faults/catalogue.ts'
import type { Fault } from '../faults/fault.ts'
import { newRunId } from '../run-record/run-directory.ts'
import { type DoorKind, doorTraits } from '../topology/door.ts'
import { clusterSpec } from '../topology/presets.ts'
import { timeScaleOf } from './build-plan.ts'
import type { FaultTarget } from './scenario.ts'

/** What a test wants of its cluster; every field has a default. */
export interface TestClusterOptions {
  /** A version of the catalogue; default its default. */
  readonly etcd?: string
  /** Your own image, used unmodified. */
  readonly image?: string
  /** Default 3. */
  readonly members?: number
  /** Between clients and members, and between members; default mutual. */
  readonly tls?: 'mutual' | 'none'
  /** Flags of etcd by name, such as `{ 'quota-backend-bytes': '8388608' }`. */
  readonly options?: Readonly<Record<string, string>>
  /**
   * What stands beside each member for clients, as of `gauntlet up --door`: `cluster.doors` then has the
   * endpoints for your application. Default `direct`: nothing. Doors know the members of the start.
   */
  readonly door?: 'direct' | DoorKind
}

/** A fault in force. Disposing undoes it. */
export interface InForce extends AsyncDisposable {
  /** Measures now whether the effect shows, and what. */
  proof(): Promise<Proof>
  undo(): Promise<void>
}

/**
 * A cluster for a test of an application: healthy when this resolves, gone when it is disposed. Builds
 * or fetches the image the first time. Throws an InputError for a version or door that there is none of,
 * an EnvironmentError where no container engine answers.
 */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<Cluster> {
  const { etcd, image: reference, members = 3, tls = 'mutual', options: flags = {} } = options
  const door = doorOf(options)
  const choice = {
    ...(etcd !== undefined && { version: etcd }),
    ...(reference !== undefined && { image: reference }),
  }
  const common = { architecture: 'native', allowBuild: true, log: silentLog } as const
  const image = await resolveImage({ ...common, ...choice })
  const { version, architecture } = image
  return startCluster({
    spec: clusterSpec({
      version,
      architecture,
      members,
      options: flags,
      tls: { client: tls, peer: tls },
      ...(door && { door }),
    }),
    runId: newRunId(),
    image: image.reference,
    toolboxImage: await ensureToolbox({ log: silentLog }),
    timeScale: timeScaleOf(image),
  })
}

/** Throws an InputError that lists the doors there are; undefined = clients connect to the members. */
export function doorOf({
  door = 'direct',
}: Pick<TestClusterOptions, 'door'>): DoorKind | undefined {
  if (door === 'direct') return undefined
  if (Object.hasOwn(doorTraits, door)) return door
  const names = ['direct', ...Object.keys(doorTraits)]
  throw new InputError(`Expected \`door\` to be one of ${names.join(', ')}, got \`${door}\``, {
    door,
  })
}

/**
 * Injects a fault, by its name in docs/FAULTS.md or one of `faults`, and returns when it is in force. Its
 * targets are members, or `cluster.doors` of a fault of doors such as `kill-door`. Throws an InputError for
 * a name that there is none of, and for targets that the fault rejects.
 */
export async function inject(
  cluster: Cluster,
  fault: string | Fault,
  targets: readonly Pick<FaultTarget, 'name'>[],
): Promise<InForce> {
  const chosen = typeof fault === 'string' ? faultNamed(fault) : fault
  const names = targets.map(({ name }) => name)
  const proof = await chosen.probe(cluster, names)
  const undo = await chosen.inject(cluster, names)
  return { proof, undo: () => undo(), [Symbol.asyncDispose]: () => undo() }
}

/** Throws an InputError that lists the faults there are. */
export function faultNamed(name: string): Fault {
  const all = namedFaults()
  const fault = all.find((one) => one.name === name)
  if (fault !== undefined) return fault
  const names = all.map((one) => one.name)
  throw new InputError(
    `Expected the fault to be one of ${names.join(', ')}, got \`${name}\`${suggestion(name, names)}`,
    { fault: name },
  )
}
