import { randomBytes } from 'node:crypto'
import { EnvironmentError } from '../../core/errors.ts'
import { dataDevice } from '../../engine/capabilities/disk.ts'
import type { Engine } from '../../engine/connect.ts'
import type { MountedVolume } from '../../engine/container/plan.ts'
import { runTool } from '../../engine/container/tool.ts'
import { createNetwork, type EngineNetwork, networkNamed } from '../../engine/network/bridge.ts'
import { releasePorts, reservePorts } from '../../engine/network/ports.ts'
import { addressIn } from '../../engine/network/subnets.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import type { MemberHome } from '../member/container-plan.ts'
import { belongingOf, type ClusterPlan, imageFor, toolboxImageOf } from '../plan.ts'
import type { ToolOptions, ToolResult } from '../tools.ts'
import { createDataVolumes, type DataVolumes } from './data-volumes.ts'
import { createLogKeeper, type LogKeeper } from './log-keeper.ts'

/** Hosts of the subnet below are the gateway and what people may want for themselves. */
const firstHost = 11
const lastHost = 126

/** Published on 127.0.0.1: where a member's ports are reached. */
export type MemberPorts = Pick<
  MemberHome,
  'clientPort' | 'metricsPort' | 'clientHttpPort' | 'failpointsPort'
>

/** What members stand on: the network, addresses, ports, data volumes and former logs. */
export interface Infrastructure extends AsyncDisposable {
  readonly engine: Engine
  readonly plan: ClusterPlan
  readonly network: EngineNetwork
  readonly volumes: DataVolumes
  readonly logs: LogKeeper
  /** The same for the same name, never another's: addresses are not used again. */
  addressOf(name: string): string
  /** Of everything that has asked for one. */
  addresses(): Readonly<Record<string, string>>
  portsFor(members: number): Promise<readonly MemberPorts[]>
  /** One a door. */
  doorPorts(doors: number): Promise<readonly number[]>
  /** Throws an EnvironmentError where it is not known. */
  dataDevice(): Promise<string>
  /** Unique at the engine, and readable in its listings. */
  containerName(member: string): string
  /** Disposes it before the network and the volumes, on which it stands. */
  own(part: AsyncDisposable): void
  tool(
    argv: readonly string[],
    options: ToolOptions & { mounts: readonly MountedVolume[] },
  ): Promise<ToolResult>
}

/**
 * Creates the network, and the spec's members' volumes meanwhile; further volumes come as members
 * ask for them. Disposing removes all.
 */
export async function createInfrastructure(
  engine: Engine,
  plan: ClusterPlan,
): Promise<Infrastructure> {
  const slug = slugOf(plan)
  const belonging = belongingOf(plan)
  await using unwinding = new AsyncDisposableStack()
  const volumes = unwinding.use(createDataVolumes(engine, slug, belonging))
  for (const { name } of plan.spec.members) volumes.of(name)
  const network = unwinding.use(await createNetwork(engine, { ...belonging, name: slug }))
  const addresses = createAddresses(network.subnet)
  return infrastructureOn({ engine, plan, network, volumes, ...addresses }, unwinding.move())
}

/** Of a cluster that another process started. Disposing removes all, as that of its starter does. */
export function attachInfrastructure(
  engine: Engine,
  plan: ClusterPlan,
  present: {
    readonly network: Pick<EngineNetwork, 'name' | 'subnet'>
    readonly addresses: Readonly<Record<string, string>>
    /** Names of the members' data volumes, by member. */
    readonly volumes: ReadonlyMap<string, string>
  },
): Infrastructure {
  const owned = new AsyncDisposableStack()
  const volumes = owned.use(
    createDataVolumes(engine, slugOf(plan), belongingOf(plan), present.volumes),
  )
  const network = owned.use(networkNamed(engine, present.network))
  const addresses = createAddresses(network.subnet, Object.entries(present.addresses))
  return infrastructureOn({ engine, plan, network, volumes, ...addresses }, owned)
}

type Addresses = Pick<Infrastructure, 'addressOf' | 'addresses'>
type Parts = Pick<Infrastructure, 'engine' | 'plan' | 'network' | 'volumes'> & Addresses

function infrastructureOn(parts: Parts, owned: AsyncDisposableStack): Infrastructure {
  const { engine, plan, network } = parts
  const ports: number[] = []
  owned.defer(() => releasePorts(ports))
  return {
    ...parts,
    logs: createLogKeeper(),
    portsFor: async (members) => {
      const names = portNames(plan)
      const reserved = await reservePorts(engine, names.length * members)
      ports.push(...reserved)
      return Array.from({ length: members }, (_, index) =>
        memberPorts(names, reserved.slice(names.length * index)),
      )
    },
    doorPorts: async (doors) => {
      const reserved = await reservePorts(engine, doors)
      ports.push(...reserved)
      return reserved
    },
    own: (part) => {
      owned.use(part)
    },
    dataDevice: async () => {
      const device = await dataDevice(engine)
      if (device !== undefined) return device
      throw new EnvironmentError('Expected a block device to hold the data, found none')
    },
    containerName: (member) =>
      `gauntlet-${slugOf(plan)}-${member}-${randomBytes(4).toString('hex')}`,
    tool: (argv, { image, toolbox, files, environment, fetch, onNetwork, mounts }) =>
      runTool(engine, {
        ...belongingOf(plan),
        image: image ?? (toolbox ? toolboxImageOf(plan) : membersImage(plan)),
        argv,
        environment: { ...featuresOf(plan.spec.version).etcdctlEnvironment, ...environment },
        volumes: mounts,
        ...(files && { files }),
        ...(fetch !== undefined && { fetch }),
        ...(onNetwork && { network: network.name }),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Begins the names of what is the cluster's. */
function slugOf({ spec }: ClusterPlan): string {
  return spec.name.replaceAll(/[^a-zA-Z0-9]+/g, '-')
}

/** The ports that each member has. */
function portNames({ spec, failpoints }: ClusterPlan): (keyof MemberPorts)[] {
  return [
    ...(['clientPort', 'metricsPort'] as const),
    ...(spec.ports.clientHttp === undefined ? [] : (['clientHttpPort'] as const)),
    ...(failpoints === undefined ? [] : (['failpointsPort'] as const)),
  ]
}

function memberPorts(names: readonly (keyof MemberPorts)[], ports: readonly number[]): MemberPorts {
  const named = names.map((name, index) => [name, ports[index] ?? 0] as const)
  return { clientPort: 0, metricsPort: 0, ...Object.fromEntries(named) }
}

export function membersImage(plan: ClusterPlan): string {
  return imageFor(plan, plan.spec.members[0]?.architecture ?? 'amd64')
}

/** One address a name, in the order in which the names are first asked for, beside those there are. */
function createAddresses(
  subnet: string,
  present: Iterable<readonly [string, string]> = [],
): Addresses {
  const addresses = new Map(present)
  return {
    addressOf: (name) => {
      const address = addresses.get(name) ?? nextAddress(subnet, [...addresses.values()])
      addresses.set(name, address)
      return address
    },
    addresses: () => Object.fromEntries(addresses),
  }
}

function nextAddress(subnet: string, used: readonly string[]): string {
  for (let host = firstHost; host <= lastHost; host++) {
    const address = addressIn(subnet, host)
    if (!used.includes(address)) return address
  }
  throw new EnvironmentError(`Expected at most ${lastHost - firstHost + 1} members ever, got more`)
}
