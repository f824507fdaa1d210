import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../../core/errors.ts'
import { filesBelow } from '../../core/files-below.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { type PlannedScenario, planScenario } from '../../scenario/plan.ts'
import type { Depth, Scenario } from '../../scenario/scenario.ts'
import { engineTestEnding, engineTestFolders, timedTestEnding } from './vitest-settings.ts'

/** The installed package or the checkout: sources here are `.ts`, compiled ones `.js`. */
export const packageRoot = join(import.meta.dirname, '..', '..', '..')
const suitesRoot = join(packageRoot, 'suites')
const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js'

export interface Selection {
  /** Folders of `suites/`, of every argument. */
  readonly suites: readonly string[]
  /** Those of them that are given whole: their scenarios obey the depth of the run. */
  readonly whole: readonly string[]
  /** Ids of the scenarios that are given themselves: they run at any depth. */
  readonly ids: readonly string[]
  /** Ids of an earlier release that were given, and what they are called now. */
  readonly renamed: readonly Renamed[]
}

export interface Renamed {
  readonly from: string
  readonly to: string
}

/** Suites: the folders of `suites/` that have a list of scenarios. */
export function suiteNames(): string[] {
  return foldersWith((names) => names.includes(`scenarios.${extension}`))
}

/** The file that makes tests of a suite's scenarios. */
export const suiteFile = (suite: string): string => `suites/${suite}/${suite}.test.${extension}`

/**
 * Tests of our own parts that need an engine, by their path in the checkout, such as that a suite
 * can be red. The installed package has none.
 */
export function selfTestFiles(): string[] {
  return filesBelow(packageRoot, engineTestFolders).filter(isSelfTest).sort()
}

export const isSelfTest = (file: string): boolean => file.endsWith(engineTestEnding)

/** Self tests that judge times otherwise than as ratios. */
export const isTimedSelfTest = (file: string): boolean => file.endsWith(timedTestEnding)

/** What a suite's `scenarios.ts` exports. */
interface SuiteModule {
  readonly scenarios: readonly Scenario[]
  /** Its scenarios measure no time, so that another file may run beside it. */
  readonly isUntimed?: boolean
}

export async function scenariosOf(suite: string): Promise<readonly Scenario[]> {
  return (await importSuite(suite)).scenarios
}

/** The suites among these whose scenarios measure no time. */
export async function untimedSuites(suites: readonly string[]): Promise<string[]> {
  const modules = await Promise.all(suites.map(importSuite))
  return suites.filter((_, index) => modules[index]?.isUntimed === true)
}

function importSuite(suite: string): Promise<SuiteModule> {
  return import(pathToFileURL(join(suitesRoot, suite, `scenarios.${extension}`)).href)
}

/**
 * What the arguments of `gauntlet run` select: suites by name, scenarios as `suite/name`; none =
 * every suite. Throws an InputError that lists what there is; nothing has been started then.
 */
export async function select(names: readonly string[]): Promise<Selection> {
  const given = names.length === 0 ? suiteNames() : names
  const chosen = await Promise.all(given.map(choose))
  const scenarios = chosen.flatMap(({ from, id }) => (id === undefined ? [] : [{ from, to: id }]))
  return {
    suites: unique(chosen.map(({ suite }) => suite)),
    whole: unique(chosen.flatMap(({ suite, id }) => (id === undefined ? [suite] : []))),
    ids: unique(scenarios.map(({ to }) => to)),
    renamed: scenarios.filter(({ from, to }) => from !== to),
  }
}

/** The scenarios of a selection, in the order of their suites, as a run of that depth plans them. */
export async function planSelection(
  selection: Selection,
  depth: Depth,
): Promise<PlannedScenario[]> {
  const planned = await planEach(selection, depth)
  return planned.map(([, each]) => each)
}

/** How many of the scenarios that a run of that depth runs last as long as it says. */
export async function countChaos(selection: Selection, depth: Depth): Promise<number> {
  const planned = await planEach(selection, depth)
  return planned.filter(([{ chaos }, { skip }]) => chaos === true && skip === undefined).length
}

/** Each chosen scenario, and how a run of that depth plans it. */
export async function planEach(
  selection: Selection,
  depth: Depth,
): Promise<(readonly [Scenario, PlannedScenario])[]> {
  const scenarios = await chosenScenarios(selection)
  return scenarios.map((scenario) => {
    const byId = selection.ids.includes(scenario.id)
    return [scenario, planScenario(scenario, { depth, byId })] as const
  })
}

/** The scenarios of a selection, in the order of their suites. */
export async function chosenScenarios({
  suites,
  whole,
  ids,
}: Selection): Promise<readonly Scenario[]> {
  const all = await Promise.all(
    suites.map(async (suite) =>
      (await scenariosOf(suite)).filter(({ id }) => whole.includes(suite) || ids.includes(id)),
    ),
  )
  return all.flat()
}

/** What one argument selects: a suite, or the scenario with that id. */
async function choose(
  name: string,
): Promise<{ readonly from: string; readonly suite: string; readonly id?: string }> {
  const suite = name.split('/')[0] ?? ''
  if (!suiteNames().includes(suite)) {
    throw unknownName('a suite', name, suiteNames())
  }
  if (name === suite) return { from: name, suite }
  return { from: name, suite, id: idOf(name, await scenariosOf(suite)) }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

/** The present id of a scenario that is given by its id or by one of an earlier release. */
function idOf(name: string, scenarios: readonly Scenario[]): string {
  const known =
    scenarios.find(({ id }) => id === name) ??
    scenarios.find(({ formerIds = [] }) => formerIds.includes(name))
  if (known !== undefined) return known.id
  throw unknownName(
    'a scenario',
    name,
    scenarios.map(({ id }) => id),
  )
}

/** Names the nearest of the known ones, or all of them where none is near. */
function unknownName(what: string, name: string, known: readonly string[]): InputError {
  const hint = suggestion(name, known)
  const choice = hint === '' ? ` to be one of ${known.join(', ')}` : ''
  return new InputError(`Expected ${what}${choice}, got \`${name}\`${hint}`)
}

/** The release without the ids of earlier ones. */
const formerIdsEnd = '0.3.0'

export function formatRenamed({ from, to }: Renamed): string {
  return `${from} is now ${to}; the old name goes in ${formerIdsEnd}`
}

function foldersWith(has: (names: string[]) => boolean): string[] {
  if (!existsSync(suitesRoot)) return []
  return readdirSync(suitesRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && has(readdirSync(join(suitesRoot, entry.name))))
    .map(({ name }) => name)
    .sort()
}
