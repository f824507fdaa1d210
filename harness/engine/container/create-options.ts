import type { Docker } from '../connect.ts'
import type { ContainerPlan, MountedVolume, PublishedPort, Resources } from './start-container.ts'

export type CreateOptions = Parameters<Docker['createContainer']>[0]
export type HostConfig = NonNullable<CreateOptions['HostConfig']>

/** One network and no other: naming it here too keeps the engine from adding the default bridge. */
export function networkingOf(plan: ContainerPlan): CreateOptions {
  const { name, address, aliases } = plan.network
  return {
    ExposedPorts: Object.fromEntries(plan.ports.map(({ container }) => [`${container}/tcp`, {}])),
    NetworkingConfig: {
      EndpointsConfig: {
        [name]: { IPAMConfig: { IPv4Address: address }, Aliases: [...aliases] },
      },
    },
  }
}

export function hostConfigOf(plan: ContainerPlan): HostConfig {
  return {
    PortBindings: Object.fromEntries(plan.ports.map(bindingOf)),
    Mounts: plan.volumes.map(mountOf),
    ...limitsOf(plan.resources ?? {}),
  }
}

export function mountOf({ volume, target, readOnly }: MountedVolume) {
  const mount = { Type: 'volume' as const, Source: volume, Target: target }
  return readOnly ? { ...mount, ReadOnly: true } : mount
}

function bindingOf({ container, host }: PublishedPort): [string, object[]] {
  return [`${container}/tcp`, [{ HostIp: '127.0.0.1', HostPort: String(host) }]]
}

function limitsOf({ memoryBytes, cpus, disk, tmpfs }: Resources): HostConfig {
  const rate = (value: number | undefined) =>
    value === undefined || disk === undefined ? undefined : [{ Path: disk.device, Rate: value }]
  const ops = rate(disk?.writeOpsPerS)
  const bytes = rate(disk?.writeBytesPerS)
  return {
    ...(memoryBytes !== undefined && { Memory: memoryBytes }),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    ...(ops && { BlkioDeviceWriteIOps: ops }),
    ...(bytes && { BlkioDeviceWriteBps: bytes }),
    ...(tmpfs && { Tmpfs: { [tmpfs.target]: `size=${tmpfs.sizeBytes},mode=0700` } }),
  }
}
