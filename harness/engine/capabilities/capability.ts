import { emulationRemedy } from '../../bootstrap/emulation.mjs'
import { engineRemedy } from '../../bootstrap/engine-remedy.mjs'
import { detectSystem } from '../../bootstrap/system.mjs'
import type { Architecture } from '../../topology/spec.ts'

/**
 * Something this machine can or cannot do, as `gauntlet doctor` lists it and `run.json` records it.
 * Only an unavailable one has `lost` and `remedy`.
 */
export interface Capability {
  readonly name: CapabilityName
  readonly available: boolean
  readonly detail: string
  /** What is not covered without it. */
  readonly lost?: string
  /** How to get it: a command where there is one. */
  readonly remedy?: string
}

/** What is lost without each, in the order in which they are listed. */
const losses = {
  engine: 'everything: clusters are containers',
  architecture: 'everything: etcd is tested on amd64 and arm64',
  images: 'time: the first run builds them',
  'disk-space': 'runs that fill the disk stop early',
  emulation: 'members of the other architecture, and mixed clusters',
  sidecar: "all network faults: nothing may change rules in a member's network namespace",
  iptables: "partitions that a minority's clients can see",
  'iptables-statistic': 'packet loss by probability',
  netem: 'delay, jitter, reordering and corruption of packets in the kernel',
  tbf: 'links of limited bandwidth',
  'cgroup-cpu': 'members short of processor time',
  'cgroup-memory': 'members short of memory',
  'disk-limits': 'slow disks',
  pause: 'paused members',
} as const

export type CapabilityName = keyof typeof losses
export const capabilityNames = Object.keys(losses) as CapabilityName[]

export function capability(
  name: CapabilityName,
  available: boolean,
  detail: string,
  architecture: Architecture = 'arm64',
): Capability {
  const line = detail.trim().replaceAll(/\s+/g, ' ')
  if (available) return { name, available, detail: line }
  return { name, available, detail: line, lost: losses[name], remedy: remedyOf(name, architecture) }
}

/** A capability that could not be tried counts as unavailable; `detail` says why it was not tried. */
export function unknownCapability(name: CapabilityName, reason: string): Capability {
  return { ...capability(name, false, `not known: ${reason}`), remedy: 'npm run bootstrap' }
}

function remedyOf(name: CapabilityName, foreign: Architecture): string {
  switch (name) {
    case 'engine':
      return engineRemedy(detectSystem(), [])
    case 'images':
      return 'npm run bootstrap'
    case 'emulation':
      return emulationRemedy(foreign)
    case 'iptables':
    case 'iptables-statistic':
      return "modprobe nf_tables nft_compat xt_statistic, on the engine's host"
    case 'netem':
      return netemRemedy()
    case 'tbf':
      return "modprobe sch_tbf, on the engine's host"
    case 'disk-space':
      return 'gauntlet clean && docker image prune'
    case 'sidecar':
      return 'an engine that grants NET_ADMIN to a container (rootful, no policy against it)'
    case 'architecture':
      return 'an engine on amd64 or arm64'
    case 'cgroup-cpu':
    case 'cgroup-memory':
    case 'disk-limits':
    case 'pause':
      return 'a rootful engine, or delegation of this cgroup controller to the rootless one'
  }
}

function netemRemedy(): string {
  const { family } = detectSystem()
  if (family === 'fedora' || family === 'rhel') return 'dnf install kernel-modules-extra'
  return "modprobe sch_netem, on the engine's host (Ubuntu: linux-modules-extra-$(uname -r)); some kernels are built without it"
}
