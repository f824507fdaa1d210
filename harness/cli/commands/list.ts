import { Command } from 'commander'
import { effects } from '../../core/effect.ts'
import { InputError } from '../../core/errors.ts'
import { formatLength } from '../../core/text/format-length.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { estimateMs } from '../../scenario/run-estimate.ts'
import type { Depth, Scenario } from '../../scenario/scenario.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText, oneOf } from '../options/value.ts'
import { chosenScenarios, select } from '../run/suites.ts'
import { scenarioTags, tagsOf } from '../scenario-tags.ts'

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
  effect: {
    flags: '--effect <effect>',
    description: `only scenarios with a fault that does this: ${effects.join(', ')}`,
    value: oneOf(...effects),
  },
  tag: {
    flags: '--tag <tag>',
    description: `only scenarios of this kind: ${scenarioTags.join(', ')}`,
    value: oneOf(...scenarioTags),
  },
  json: { flags: '--json', description: 'print one JSON object a scenario' },
} as const satisfies OptionTable

type ListOptions = ValuesOf<typeof listOptions>

const examples = `
Examples:
  gauntlet list --depth quick             what \`npm start\` runs
  gauntlet list quorum-loss --effect cuts what cuts the network in one suite
  gauntlet list --tag known-issue         what fails on versions that have a bug`

export function listCommand(): Command {
  const command = new Command('list')
    .description('what there is to run: scenarios with their depth, length, faults and needs')
    .argument('[suite...]', 'suites, or single scenarios as suite/name; all when none is given')
    .addHelpText('after', examples)
    .action(list)
  return addOptions(command, listOptions)
}

/** A scenario as `--json` prints it; a contract. */
interface Listed {
  readonly id: string
  readonly title: string
  readonly depth: Depth
  readonly faults: readonly string[]
  /** What its faults do to members. */
  readonly effects: readonly string[]
  readonly tags: readonly string[]
  /** What a run of it takes, roughly. */
  readonly aboutMs: number
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
  { depth, fault, effect, tag }: ListOptions,
): Promise<readonly Listed[]> {
  const chosen = await chosenScenarios(await select(names))
  const known = [...new Set(chosen.flatMap(({ faults }) => faults.map(({ name }) => name)))]
  if (fault !== undefined && !known.includes(fault)) {
    throw new InputError(
      `Expected \`--fault\` to be one of ${known.sort().join(', ')}, got \`${fault}\`${suggestion(fault, known)}`,
    )
  }
  return chosen
    .filter((one) => depths.indexOf(one.depth) <= depths.indexOf(depth))
    .map((scenario) => describe(scenario, depth))
    .filter(({ faults }) => fault === undefined || faults.includes(fault))
    .filter(({ effects }) => effect === undefined || effects.includes(effect))
    .filter(({ tags }) => tag === undefined || tags.includes(tag))
}

function describe(scenario: Scenario, runDepth: Depth): Listed {
  const { id, title, depth, faults } = scenario
  return {
    id,
    title,
    depth,
    faults: unique(faults.map(({ name }) => name)),
    effects: unique(faults.map(({ effect }) => effect)),
    tags: tagsOf(scenario),
    aboutMs: estimateMs(scenario, { depth: runDepth, timeScale: 1 }),
    needs: unique(faults.flatMap((fault) => fault.needs.capabilities ?? [])),
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

function encode(listed: Listed): string {
  return `${JSON.stringify(listed)}\n`
}

function format({ id, title, depth, faults, effects, tags, aboutMs, needs }: Listed): string {
  const details = [
    depth,
    `about ${formatLength(aboutMs)}`,
    ...(faults.length === 0 ? [] : [`faults: ${faults.join(', ')} (${effects.join(', ')})`]),
    ...(needs.length === 0 ? [] : [`needs: ${needs.join(', ')}`]),
    ...(tags.length === 0 ? [] : [tags.join(', ')]),
  ]
  return `${id}\n  ${title}\n  ${details.join('; ')}\n`
}
