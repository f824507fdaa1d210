import { Command } from 'commander'
import { formatProof } from '../../core/effect.ts'
import { EnvironmentError, exitCodes, InputError } from '../../core/errors.ts'
import { type Log, stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { namedFaults } from '../../faults/catalogue.ts'
import type { Fault } from '../../faults/fault.ts'
import type { HeldFault } from '../../scenario/inject/hold-fault.ts'
import { describeMembers, keepCluster, readKept } from '../kept-cluster.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText, durationMs, wholeNumber } from '../options/value.ts'
import { stopOnInterrupt } from '../process/events.ts'

const injectOptions = {
  cluster: {
    flags: '--cluster <id>',
    description: 'as `gauntlet up` printed it; default the only one',
    value: anyText,
  },
  for: {
    flags: '--for <time>',
    description: 'how long it stays in force before it is undone',
    value: durationMs,
    default: 30_000,
  },
  seed: {
    flags: '--seed <number>',
    description: 'draws what the fault draws, such as the bits that are flipped',
    value: wholeNumber,
  },
  json: { flags: '--json', description: 'print what was done and measured as JSON' },
} as const satisfies OptionTable

type InjectOptions = ValuesOf<typeof injectOptions>

const known = namedFaults()
const longestName = Math.max(...known.map(({ name }) => name.length))
const faultLines = known.map(({ name, description }) => {
  return `  ${name.padEnd(longestName)}  ${description}`
})

const help = `
Targets are members' names, leader, follower or all; default a follower. Those of kill-door, pause-door and
isolate-door are the doors of \`up --door\`, by name or all; default the first.
The command stays until the fault is undone: after --for, or at once when it is interrupted.

Faults:
${faultLines.join('\n')}

Examples:
  gauntlet up three-mtls && gauntlet inject kill leader --for 10s
  gauntlet inject kill-door m1-gateway       after \`gauntlet up --door gateway\`
  gauntlet inject isolate m1 --for 1m       while your application runs against the others`

export function injectCommand(): Command {
  const command = new Command('inject')
    .description('put one fault on a cluster that `gauntlet up` keeps, prove it, undo it')
    .argument('<fault>', 'its name, see below')
    .argument('[target...]', 'the members, or doors, that it hits')
    .addHelpText('after', help)
    .action(inject)
  return addOptions(command, injectOptions)
}

async function inject(
  name: string,
  words: readonly string[],
  { cluster: id, for: forMs, seed = randomSeed(), json }: InjectOptions,
): Promise<void> {
  const { attachCluster } = await import('../../cluster/attach/attach.ts')
  const { chooseTargets } = await import('../../scenario/inject/choose-targets.ts')
  const { holdFault } = await import('../../scenario/inject/hold-fault.ts')
  const { requireEngine } = await import('../require-engine.ts')
  const fault = faultNamed(name, seed)
  const { kept, credentials } = readKept(id)
  await requireEngine()
  const log = stderrLog()
  await expectCapabilities(fault)
  const interrupt = new AbortController()
  const forget = stopOnInterrupt(() => interrupt.abort())
  try {
    const { placement } = kept
    await using attached = await attachCluster({ runId: kept.id, placement, credentials, log })
    const { cluster } = attached
    const targets = await chooseTargets(cluster, fault, words)
    log.step(`seed ${seed}`)
    try {
      const held = await holdFault(cluster, {
        fault,
        targets,
        forMs,
        signal: interrupt.signal,
        log,
      })
      print(held, log, json === true)
    } finally {
      keepCluster({ ...kept, ...(await describeMembers(cluster)) }, credentials)
    }
  } finally {
    forget()
  }
}

/** Throws an InputError for a name that the catalogue lacks. */
function faultNamed(name: string, seed: number): Fault {
  const all = namedFaults(seed)
  const fault = all.find((one) => one.name === name)
  if (fault !== undefined) return fault
  const names = all.map((one) => one.name)
  const hint = suggestion(name, names) || `: one of ${names.join(', ')}`
  throw new InputError(`Expected the name of a fault, got \`${name}\`${hint}`)
}

async function expectCapabilities(fault: Fault): Promise<void> {
  if (fault.needs.capabilities === undefined) return
  const { probeCapabilities } = await import('../../engine/capabilities/probe.ts')
  const { missingCapability } = await import('../../scenario/applicability/missing-needs.ts')
  const missing = missingCapability([fault], await probeCapabilities())
  if (missing !== undefined)
    throw new EnvironmentError(`Expected to inject ${fault.name}: ${missing}`)
}

function print(held: HeldFault, log: Log, json: boolean): void {
  const { fault, targets, proof, inForceMs, healthyAfterMs } = held
  if (json) process.stdout.write(`${JSON.stringify(held)}\n`)
  else if (proof.observed) {
    const [forS, wellS] = [inForceMs, healthyAfterMs].map((ms) => (ms / 1_000).toFixed(1))
    process.stdout.write(
      `${fault} of ${targets.join(', ')} was in force for ${forS} s: expected ${formatProof(proof)}\n` +
        `every member was healthy ${wellS} s after its undo\n`,
    )
  }
  if (proof.observed) return
  log.warn(
    `the fault ${fault} had no effect on ${targets.join(', ')}: expected ${formatProof(proof)}`,
  )
  process.exitCode = exitCodes.inconclusive
}
