import { createRandom, type Random } from '../../core/random.ts'
import { catalogue } from '../../faults/catalogue.ts'
import type { Fault } from '../../faults/fault.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import { optionsForVersion } from '../../topology/option-names.ts'
import type { WorkloadSpec } from '../../workload/workload.ts'
import type { ChaosPlan, ChaosStep, ChaosVersions } from './plan.ts'
import { failpointFaults } from './possible-faults.ts'
import { drawPrograms } from './programs.ts'
import { drawVersions, withChangeOfVersions } from './versions.ts'

export interface ChaosChoice {
  readonly seed: number
  readonly durationMs: number
  readonly version: string
  readonly upgradeTo?: ChaosVersions['to']
  /** Names of what this machine can do. */
  readonly capabilities: readonly string[]
  /** Members never wait for their disk. */
  readonly unsynced?: boolean
  /** Of its binary, where that has some: half of the faults are then theirs. */
  readonly failpoints?: readonly string[]
}

/** Faults that chaos leaves out, with the reason, besides those with `destroysData`. */
export const excludedFaults: Readonly<Record<string, string>> = {
  grow: 'the workload stays with the members of the start',
  'grow-learner': 'the workload stays with the members of the start',
  'full-volume': 'ends the member for longer than a fault of chaos lasts: quota-alarms has it',
  'read-only-volume': 'ends the member for longer than a fault of chaos lasts: quota-alarms has it',
}

const singles = ['one', 'minority']

/** A pure function of its arguments: the same choice gives the same plan on every machine. */
export function planChaos(choice: ChaosChoice): ChaosPlan {
  const { seed, durationMs, version, upgradeTo, failpoints = [] } = choice
  const random = createRandom(seed).fork('chaos')
  const members = random.fork('members').pick([1, 3, 3, 3, 5])
  const steps = drawSteps(random.fork('steps'), choice, members)
  const plan = {
    seed,
    durationMs,
    members,
    options: drawOptions(random.fork('options'), version),
    workload: {
      ...drawWorkload(random.fork('workload')),
      programs: drawPrograms(random.fork('programs')),
    },
    compaction: {
      everyMs: random.fork('compaction').pick([200, 500, 1_000, 2_000]),
      keep: random.fork('keep').pick([20, 100, 500, 2_000]),
    },
    lateWatchers: { everyMs: random.fork('late').int(100, 1_000) * members },
    steps,
    ...(failpoints.length > 0 && { failpoints }),
  }
  if (upgradeTo === undefined) return plan
  const changing = random.fork('versions')
  const versions = drawVersions(changing, upgradeTo, members)
  return {
    ...plan,
    versions,
    steps: withChangeOfVersions(changing, steps, { members, versions }),
  }
}

/**
 * Small counts, so that a member that was away is sent a snapshot instead of the log: of some 400
 * writes a second, a fault of four seconds keeps it from at most 1,600 entries.
 */
function drawOptions(random: Random, version: string): Record<string, string> {
  const { has } = featuresOf(version)
  const catchUp = String(random.pick([10, 100, 1_000]))
  return optionsForVersion(version, {
    'snapshot-count': String(random.pick([50, 200, 1_000, 10_000])),
    ...(has('snapshot-catchup-flag') && { 'snapshot-catchup-entries': catchUp }),
    ...(has('logger-flag') && { 'pre-vote': String(random.pick([true, true, false])) }),
  })
}

/** Few keys, so that requests meet; few deletes, because no answer shows what they removed. */
function drawWorkload(random: Random): WorkloadSpec {
  return {
    ratePerS: random.pick([500, 600, 800]),
    keys: random.int(5, 20),
    zipf: random.pick([0, 0.8]),
    valueBytes: random.pick([16, 64, 1_024]),
    mix: {
      put: random.int(3, 6),
      cas: random.int(1, 3),
      delete: 1,
      get: random.int(4, 8),
      'serializable-get': random.int(1, 3),
    },
    timeoutMs: random.pick([500, 1_000]),
  }
}

/** Draws as many as fit when each takes no longer than its own length and rest. */
function drawSteps(random: Random, choice: ChaosChoice, members: number): ChaosStep[] {
  const possible = catalogue.filter((fault) => isPossible(fault, choice, members))
  const within = failpointFaults(choice)
  const steps: ChaosStep[] = []
  for (let totalMs = 0; totalMs < choice.durationMs; ) {
    const fault = random.pick(within.length > 0 ? random.pick([possible, within]) : possible)
    const step = {
      fault: fault.name,
      targets: drawTargets(random, fault, members),
      lengthMs: random.int(300, 4_000),
      restMs: random.int(200, 1_500),
    }
    steps.push(step)
    totalMs += step.lengthMs + step.restMs
  }
  return steps
}

function isPossible(
  fault: Fault,
  { capabilities, unsynced }: ChaosChoice,
  members: number,
): boolean {
  const { name, destroysData = false, needs } = fault
  if (destroysData || Object.hasOwn(excludedFaults, name)) return false
  if ((needs.minMembers ?? 1) > members) return false
  if (needs.targets === 'minority' && members < 3) return false
  if (needs.fsync && unsynced) return false
  return (needs.capabilities ?? []).every((wanted) => capabilities.includes(wanted))
}

/** Mostly the leader or one other; at times several, up to all where the fault allows it. */
function drawTargets(random: Random, { needs }: Fault, members: number): string[] {
  const names = Array.from({ length: members }, (_, index) => `m${index + 1}`)
  if (needs.targets === 'all') return names
  const single = random.pick(['leader', 'leader', random.pick(names)])
  const most = singles.includes(needs.targets ?? 'any') ? 1 : members - (members > 1 ? 1 : 0)
  const count = random.pick([1, 1, 1, most])
  return count === 1 ? [single] : random.shuffle(names).slice(0, count)
}
