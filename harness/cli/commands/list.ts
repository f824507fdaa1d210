import { Command } from 'commander'
import { InputError } from '../../core/errors.ts'
import type { Depth, Scenario } from '../../scenario/scenario.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText, oneOf } from '../options/value.ts'
import { scenariosOf, select } from '../suites.ts'

const listOptions = {
  depth: {
    flags: '--depth <depth>',
    description: 'only what a run of that depth includes: quick, ci or full',
    value: oneOf('quick', 'ci', 'full'),
    default: 'full',
  },
  fault: {
    flags: '--fault <name>',
    description: 'only scenarios that inject this fault',
    value: anyText,
  },
  json: { flags: '--json', description: 'print one JSON object a scenario' },
} as const satisfies OptionTable

type ListOptions = ValuesOf<typeof listOptions>

export function listCommand(): Command {
  const command = new Command('list')
    .description('what there is to run: scenarios with their depth, faults and needs')
    .argument('[suite...]', 'suites, or single scenarios as suite/name; all when none is given')
    .action(list)
  return addOptions(command, listOptions)
}

/** A scenario as `--json` prints it; a contract. */
interface Listed {
  readonly id: string
  readonly title: string
  readonly depth: Depth
  readonly faults: readonly string[]
  /** Capabilities of the machine, as `gauntlet doctor` names them. */
  readonly needs: readonly string[]
}

async function list(names: string[], options: ListOptions): Promise<void> {
  const listed = await listScenarios(names, options)
  const text = listed.map(options.json === true ? encode : format).join('')
  process.stdout.write(text)
}

const depths: readonly Depth[] = ['quick', 'ci', 'full']

/** Throws an InputError for what is no suite, scenario or fault of any of them. */
async function listScenarios(
  names: readonly string[],
  { depth, fault }: ListOptions,
): Promise<readonly Listed[]> {
  const { suites, whole, ids } = await select(names)
  const all = (await Promise.all(suites.map(scenariosOf))).flat()
  const chosen = all.filter(({ id }) => ids.includes(id) || whole.includes(id.split('/')[0] ?? ''))
  const known = [...new Set(chosen.flatMap(({ faults }) => faults.map(({ name }) => name)))]
  if (fault !== undefined && !known.includes(fault)) {
    throw new InputError(
      `Expected \`--fault\` to be one of ${known.sort().join(', ')}, got \`${fault}\``,
    )
  }
  return chosen
    .map(describe)
    .filter((one) => depths.indexOf(one.depth) <= depths.indexOf(depth))
    .filter(({ faults }) => fault === undefined || faults.includes(fault))
}

function describe({ id, title, depth, faults }: Scenario): Listed {
  const needs = faults.flatMap((fault) => fault.needs.capabilities ?? [])
  const names = faults.map(({ name }) => name)
  return { id, title, depth, faults: [...new Set(names)], needs: [...new Set(needs)] }
}

function encode(listed: Listed): string {
  return `${JSON.stringify(listed)}\n`
}

function format({ id, title, depth, faults, needs }: Listed): string {
  const details = [
    depth,
    ...(faults.length === 0 ? [] : [`faults: ${faults.join(', ')}`]),
    ...(needs.length === 0 ? [] : [`needs: ${needs.join(', ')}`]),
  ]
  return `${id}\n  ${title}\n  ${details.join('; ')}\n`
}
