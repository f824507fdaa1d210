import { randomBytes } from 'node:crypto'
import { EnvironmentError } from '../core/errors.ts'
import { dataDevice } from '../engine/capabilities/disk.ts'
import type { Engine } from '../engine/connect.ts'
import { copyVolume } from '../engine/container/copy-volume.ts'
import { runTool } from '../engine/container/tool.ts'
import { createVolume, type EngineVolume } from '../engine/container/volume.ts'
import { createNetwork, type EngineNetwork } from '../engine/network/bridge.ts'
import { releasePorts, reservePorts } from '../engine/network/ports.ts'
import { addressIn } from '../engine/network/subnets.ts'
import { featuresOf } from '../topology/etcd-features.ts'
import { imageFor } from './container-plan.ts'
import { createLogKeeper, type LogKeeper } from './log-keeper.ts'
import type { ClusterPlan } from './plan.ts'
import type { ToolOptions, ToolResult } from './tools.ts'

/** Hosts of the subnet below are the gateway and what people may want for themselves. */
const firstHost = 11
const lastHost = 126

/** What members stand on: the network, addresses, ports, data volumes and former logs. */
export interface Infrastructure extends AsyncDisposable {
  readonly engine: Engine
  readonly plan: ClusterPlan
  readonly network: EngineNetwork
  readonly logs: LogKeeper
  /** The same for the same name, never another's: addresses are not used again. */
  addressOf(name: string): string
  portsFor(count: number): Promise<readonly number[]>
  /** Made when it is not there. */
  volumeOf(name: string): Promise<EngineVolume>
  dropVolume(name: string): Promise<void>
  /** Copies it to another, in memory and of that size or (undefined) on the disk, and drops it. */
  moveVolume(name: string, sizeBytes: number | undefined): Promise<void>
  /** Throws an EnvironmentError where it cannot be found out. */
  dataDevice(): Promise<string>
  /** Unique at the engine, and readable in its listings. */
  containerName(member: string): string
  tool(
    argv: readonly string[],
    options: ToolOptions & { mounts: readonly Mount[] },
  ): Promise<ToolResult>
}

export interface Mount {
  readonly volume: string
  readonly target: string
  readonly readOnly?: boolean
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
  const belonging = { runId: plan.runId, ...(plan.keep && { keep: true }) }
  const volumes = new Map<string, Promise<EngineVolume>>()
  const volumeOf = (name: string): Promise<EngineVolume> => {
    const made = volumes.get(name)
    if (made !== undefined) return made
    const volume = createVolume(engine, { ...belonging, name: `${slug}-${name}` })
    volume.catch(() => {})
    volumes.set(name, volume)
    return volume
  }
  const addresses = new Map<string, string>()
  const ports: number[] = []
  await using unwinding = new AsyncDisposableStack()
  unwinding.defer(() => releasePorts(ports))
  unwinding.defer(() => removeAll(volumes))
  for (const { name } of plan.spec.members) volumeOf(name)
  const network = unwinding.use(await createNetwork(engine, { ...belonging, name: slug }))
  const owned = unwinding.move()
  return {
    engine,
    plan,
    network,
    logs: createLogKeeper(),
    addressOf: (name) => {
      const address = addresses.get(name) ?? addressIn(network.subnet, nextHost(addresses.size))
      addresses.set(name, address)
      return address
    },
    portsFor: async (count) => {
      const reserved = await reservePorts(engine, count)
      ports.push(...reserved)
      return reserved
    },
    volumeOf,
    dropVolume: async (name) => {
      const volume = await volumes.get(name)
      volumes.delete(name)
      await volume?.[Symbol.asyncDispose]()
    },
    moveVolume: async (name, sizeBytes) => {
      const former = await volumeOf(name)
      const moved = await copyVolume(engine, former, {
        ...belonging,
        name: `${slug}-${name}`,
        toolboxImage: toolImage(plan, true),
        ...(sizeBytes !== undefined && { sizeBytes }),
      })
      volumes.set(name, Promise.resolve(moved))
      await former[Symbol.asyncDispose]()
    },
    dataDevice: async () => {
      const device = await dataDevice(engine)
      if (device !== undefined) return device
      throw new EnvironmentError('Expected a block device to hold the data, got none that is known')
    },
    containerName: (member) => `gauntlet-${slug}-${member}-${randomBytes(4).toString('hex')}`,
    tool: (argv, { image, toolbox, files, fetch, onNetwork, mounts }) =>
      runTool(engine, {
        ...belonging,
        image: image ?? toolImage(plan, toolbox === true),
        argv,
        environment: featuresOf(plan.spec.version).etcdctlEnvironment,
        volumes: mounts,
        ...(files && { files }),
        ...(fetch !== undefined && { fetch }),
        ...(onNetwork && { network: network.name }),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function toolImage(plan: ClusterPlan, toolbox: boolean): string {
  if (!toolbox) return imageFor(plan, plan.spec.members[0]?.architecture ?? 'amd64')
  if (plan.toolboxImage !== undefined) return plan.toolboxImage
  throw new EnvironmentError('Expected the toolbox image to run a tool of it, got none')
}

function nextHost(used: number): number {
  if (firstHost + used <= lastHost) return firstHost + used
  throw new EnvironmentError(`Expected at most ${lastHost - firstHost + 1} members ever, got more`)
}

async function removeAll(volumes: ReadonlyMap<string, Promise<EngineVolume>>): Promise<void> {
  const made = await Promise.allSettled(volumes.values())
  const present = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  await Promise.all(present.map((volume) => volume[Symbol.asyncDispose]()))
}
