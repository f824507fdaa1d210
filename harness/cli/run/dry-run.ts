import { statfs } from 'node:fs/promises'
import { randomSeed } from '../../core/random.ts'
import { formatLength } from '../../core/text/format-length.ts'
import { probeCapabilities } from '../../engine/capabilities/probe.ts'
import type { CapabilityFound } from '../../run-record/run-record.ts'
import { fitScenario } from '../../scenario/applicability/fit-scenario.ts'
import { timeScaleOf } from '../../scenario/build-plan.ts'
import { estimateMs, estimateRun, type RunEstimate } from '../../scenario/run-estimate.ts'
import type { Depth, UpgradedRun } from '../../scenario/scenario.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { nativeArchitecture } from '../options/cluster.ts'
import type { RunOptions } from '../options/run.ts'
import { planEach, type Selection } from './suites.ts'
import { upgradeChoices } from './upgrades.ts'

/** What `gauntlet run --dry-run` prints; a contract. */
export interface DryRun {
  readonly seed: number
  readonly etcd: {
    /** Of programs or an image, which are not run: the version that the plan assumes. */
    readonly version: string
    readonly architecture: string
    /** The programs or the image that the options name. */
    readonly from?: string
  }
  readonly members: number
  readonly scenarios: readonly {
    readonly id: string
    readonly title: string
    readonly aboutMs: number
    /** Why it will not run: its depth, the cluster, or what this machine lacks. */
    readonly skip?: string
  }[]
  readonly estimate: RunEstimate
  readonly room: { readonly memoryBytes: number; readonly diskBytes: number }
  /** What no scenario can cover here. */
  readonly notCovered: readonly string[]
}

interface DryRunInput {
  readonly selection: Selection
  readonly spec: ClusterSpec
  readonly depth: Depth
  readonly durationMs?: number | undefined
  readonly timeScale: number
  readonly seed: number
  readonly capabilities: readonly CapabilityFound[]
  readonly upgradeTo?: UpgradedRun['upgradeTo']
  /** The programs or the image under test, whose version is not known without running them. */
  readonly from?: string | undefined
  /** An existing directory on the disk that will hold the evidence. */
  readonly disk: string
}

/** The plan of a run and what it takes of this machine, roughly. Starts no cluster. */
export async function previewRun(input: DryRunInput): Promise<DryRun> {
  const { selection, spec, depth, seed, capabilities, disk, from, upgradeTo = [] } = input
  const each = (await planEach(selection, depth)).map(([scenario, { skip }]) => {
    const fit = fitScenario(scenario, { spec, capabilities, upgradeTo })
    return { scenario, spec: fit.spec, skip: skip ?? fit.inapplicable }
  })
  const running = each.filter(({ skip }) => skip === undefined)
  const { bavail, bsize } = await statfs(disk)
  return {
    seed,
    etcd: {
      version: spec.version,
      architecture: spec.members[0]?.architecture ?? 'amd64',
      ...(from !== undefined && { from }),
    },
    members: spec.members.length,
    scenarios: each.map(({ scenario, skip }) => ({
      id: scenario.id,
      title: scenario.title,
      aboutMs: estimateMs(scenario, input),
      ...(skip !== undefined && { skip }),
    })),
    estimate: estimateRun(running, input),
    room: { memoryBytes: process.availableMemory(), diskBytes: bavail * bsize },
    notCovered: capabilities.flatMap(({ available, name, lost, detail }) =>
      available ? [] : [`${lost ?? name} (${detail})`],
    ),
  }
}

/** Prints what a run with these options would do here; takes about a second to look at the machine. */
export async function printDryRun(parts: {
  readonly selection: Selection
  readonly spec: ClusterSpec
  readonly options: RunOptions
  readonly disk: string
}): Promise<void> {
  const { selection, spec, options, disk } = parts
  const emulated = spec.members.some(({ architecture }) => architecture !== nativeArchitecture())
  const dry = await previewRun({
    selection,
    spec,
    depth: options.depth,
    durationMs: options.duration,
    timeScale: timeScaleOf({ emulated }),
    seed: options.seed ?? randomSeed(),
    capabilities: await probeCapabilities(),
    // As with `--image`, a version that no option names is not known yet.
    upgradeTo: upgradeChoices(options).map((choice) => ({ version: spec.version, ...choice })),
    from: options.binaries ?? options.tarball ?? options.image,
    disk,
  })
  process.stdout.write(`${options.json === true ? JSON.stringify(dry) : formatDryRun(dry)}\n`)
}

/** For people: what runs, what does not and why, and the sum last. */
export function formatDryRun(dry: DryRun): string {
  const { etcd, members, seed, scenarios, estimate, room, notCovered } = dry
  const running = scenarios.filter(({ skip }) => skip === undefined)
  const width = Math.max(...scenarios.map(({ id }) => id.length), 0)
  return [
    `${formatEtcd(etcd)} ${etcd.architecture}, ${members} members, seed ${seed}`,
    ...running.map(
      ({ id, title, aboutMs }) =>
        `  ${id.padEnd(width)}  ${formatLength(aboutMs).padStart(7)}  ${title}`,
    ),
    ...formatSkipped(scenarios),
    ...notCovered.map((lost) => `not covered here: ${lost}`),
    `${running.length} of ${scenarios.length} scenarios run, in about ${formatLength(estimate.durationMs)}`,
    `memory: about ${gigabytes(estimate.memoryBytes)}, ${gigabytes(room.memoryBytes)} available${lack(estimate.memoryBytes, room.memoryBytes)}`,
    `disk: about ${gigabytes(estimate.diskBytes)}, ${gigabytes(room.diskBytes)} free${lack(estimate.diskBytes, room.diskBytes)}`,
  ].join('\n')
}

function formatEtcd({ version, from }: DryRun['etcd']): string {
  if (from === undefined) return `etcd ${version}`
  return `etcd of ${from} (planned as ${version}: its version shows when it runs)`
}

/** A reason and how many share it; the ids where they are few. */
function formatSkipped(scenarios: DryRun['scenarios']): string[] {
  const skipped = scenarios.flatMap(({ id, skip }) => (skip === undefined ? [] : [{ id, skip }]))
  return [...Map.groupBy(skipped, ({ skip }) => skip)].map(([reason, those]) => {
    const ids = those.length <= mostNamed ? `: ${those.map(({ id }) => id).join(', ')}` : ''
    return `${those.length} left out, ${reason}${ids}`
  })
}

const mostNamed = 3

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

const lack = (wanted: number, found: number): string => (wanted > found ? ' (too little)' : '')
