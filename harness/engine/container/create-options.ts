import type { Docker } from '../connect.ts'
import type { ContainerPlan, MountedVolume, PublishedPort, Resources } from './plan.ts'

export type CreateOptions = Parameters<Docker['createContainer']>[0]
type Mount = NonNullable<HostConfig['Mounts']>[number]
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

/**
 * What every container of ours runs with: no capability, and no way to gain one. As root all the
 * same, which without capabilities is the owner of its own files and nothing more.
 */
export const withoutCapabilities: HostConfig = {
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges:true'],
}

export function hostConfigOf(plan: ContainerPlan): HostConfig {
  return {
    ...withoutCapabilities,
    PortBindings: Object.fromEntries(plan.ports.map(bindingOf)),
    Mounts: plan.volumes.map(mountOf),
    ...limitsOf(plan.resources ?? {}),
    ...(plan.network.nameServer !== undefined && { Dns: [plan.network.nameServer] }),
  }
}

/**
 * Without a copy of what the image has there: a directory that belongs to an image's own user is
 * closed to a root without capabilities.
 */
export function mountOf({ volume, target, readOnly }: MountedVolume): Mount {
  return {
    Type: 'volume',
    Source: volume,
    Target: target,
    VolumeOptions: { NoCopy: true } as NonNullable<Mount['VolumeOptions']>,
    ...(readOnly && { ReadOnly: true }),
  }
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
