import { randomBytes } from 'node:crypto'
import { EnvironmentError } from '../core/errors.ts'
import { dataDevice } from '../engine/capabilities/disk.ts'
import type { Engine } from '../engine/connect.ts'
import type { MountedVolume } from '../engine/container/plan.ts'
import { runTool } from '../engine/container/tool.ts'
import { createNetwork, type EngineNetwork } from '../engine/network/bridge.ts'
import { releasePorts, reservePorts } from '../engine/network/ports.ts'
import { addressIn } from '../engine/network/subnets.ts'
import { featuresOf } from '../topology/etcd-features.ts'
import type { MemberHome } from './container-plan.ts'
import { createDataVolumes, type DataVolumes } from './data-volumes.ts'
import { createLogKeeper, type LogKeeper } from './log-keeper.ts'
import { belongingOf, type ClusterPlan, imageFor, toolboxImageOf } from './plan.ts'
import type { ToolOptions, ToolResult } from './tools.ts'

/** Hosts of the subnet below are the gateway and what people may want for themselves. */
const firstHost = 11
const lastHost = 126

/** Published on 127.0.0.1: where a member's ports are reached. */
export type MemberPorts = Pick<MemberHome, 'clientPort' | 'metricsPort' | 'clientHttpPort'>

/** What members stand on: the network, addresses, ports, data volumes and former logs. */
export interface Infrastructure extends AsyncDisposable {
  readonly engine: Engine
  readonly plan: ClusterPlan
  readonly network: EngineNetwork
  readonly volumes: DataVolumes
  readonly logs: LogKeeper
  /** The same for the same name, never another's: addresses are not used again. */
  addressOf(name: string): string
  portsFor(members: number): Promise<readonly MemberPorts[]>
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
  const slug = plan.spec.name.replaceAll(/[^a-zA-Z0-9]+/g, '-')
  const belonging = belongingOf(plan)
  const ports: number[] = []
  await using unwinding = new AsyncDisposableStack()
  unwinding.defer(() => releasePorts(ports))
  const volumes = unwinding.use(createDataVolumes(engine, slug, belonging))
  for (const { name } of plan.spec.members) volumes.of(name)
  const network = unwinding.use(await createNetwork(engine, { ...belonging, name: slug }))
  const owned = unwinding.move()
  return {
    engine,
    plan,
    network,
    volumes,
    logs: createLogKeeper(),
    addressOf: createAddresses(network.subnet),
    portsFor: async (members) => {
      const each = plan.spec.ports.clientHttp === undefined ? 2 : 3
      const reserved = await reservePorts(engine, each * members)
      ports.push(...reserved)
      return Array.from({ length: members }, (_, index) =>
        memberPorts(reserved.slice(each * index, each * (index + 1))),
      )
    },
    own: (part) => {
      owned.use(part)
    },
    dataDevice: async () => {
      const device = await dataDevice(engine)
      if (device !== undefined) return device
      throw new EnvironmentError('Expected a block device to hold the data, found none')
    },
    containerName: (member) => `gauntlet-${slug}-${member}-${randomBytes(4).toString('hex')}`,
    tool: (argv, { image, toolbox, files, environment, fetch, onNetwork, mounts }) =>
      runTool(engine, {
        ...belonging,
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

function memberPorts([clientPort = 0, metricsPort = 0, clientHttpPort]: readonly number[]) {
  return { clientPort, metricsPort, ...(clientHttpPort !== undefined && { clientHttpPort }) }
}

export function membersImage(plan: ClusterPlan): string {
  return imageFor(plan, plan.spec.members[0]?.architecture ?? 'amd64')
}

/** One address a name, in the order in which the names are first asked for. */
function createAddresses(subnet: string): (name: string) => string {
  const addresses = new Map<string, string>()
  return (name) => {
    const address = addresses.get(name) ?? addressIn(subnet, nextHost(addresses.size))
    addresses.set(name, address)
    return address
  }
}

function nextHost(used: number): number {
  if (firstHost + used <= lastHost) return firstHost + used
  throw new EnvironmentError(`Expected at most ${lastHost - firstHost + 1} members ever, got more`)
}
