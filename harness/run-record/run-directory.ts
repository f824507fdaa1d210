import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { messageOf } from '../core/errors.ts'
import { readJson } from '../core/read-json.ts'
import { createValidator, expectShape, type Shape } from '../core/schema/validator.ts'
import { hasFile } from './evidence/files.ts'
import { type EvidencePaths, evidencePaths } from './evidence/paths.ts'
import { replaceJson, safeName } from './files.ts'
import { readRecord } from './read-record.ts'
import type { RunRecord, ScenarioRecord } from './run-record.ts'
import { planHeadSchema, runSchema } from './schema/run.ts'
import { scenarioSchema } from './schema/scenario.ts'

export { verdictOf } from './verdict.ts'

const runFormat = {
  what: 'a run record',
  validator: createValidator(runSchema),
}
type PlanHead = Shape<typeof planHeadSchema>

const planHeadValidator = createValidator(planHeadSchema)
const scenarioValidator = createValidator(scenarioSchema)

/** Where evidence goes; `relative` is what `ScenarioRecord.directory` says. */
export interface EvidenceDirectory extends EvidencePaths {
  readonly relative: string
}

/** Where one scenario's evidence goes. */
export interface ScenarioDirectory extends EvidenceDirectory {
  /** The log file of a member; throws an InputError for a name that is no file name. */
  memberLog(name: string): string
}

/**
 * An id that sorts by time and is safe as a file name everywhere: `20260131T114502Z-3f9a1c`. The
 * random part keeps two runs of one second apart.
 */
export function newRunId(now = new Date()): string {
  const stamp = now.toISOString().replace(/\.\d+Z$/, 'Z')
  return `${stamp.replaceAll(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`
}

/** Makes `<root>/<run-id>/`. */
export function createRunDirectory(
  root: string,
  now = new Date(),
): { readonly id: string; readonly directory: string } {
  const id = newRunId(now)
  const directory = resolve(root, id)
  mkdirSync(join(directory, 'scenarios'), { recursive: true })
  return { id, directory }
}

/** Makes `scenarios/<id>/members/`; the id's slash makes a folder a suite. */
export function createScenarioDirectory(directory: string, id: string): ScenarioDirectory {
  const scenario = scenarioPaths(directory, id)
  mkdirSync(scenario.members, { recursive: true })
  return scenario
}

/** The same paths without making anything. */
export function scenarioPaths(directory: string, id: string): ScenarioDirectory {
  const relative = ['scenarios', ...id.split('/').map(safeName)].join('/')
  const paths = evidencePaths(join(directory, relative))
  return {
    ...paths,
    relative,
    memberLog: (name) => join(paths.members, `${safeName(name)}.log`),
  }
}

/**
 * Writes one scenario's record beside its history, in one step. Every process of a run may do so
 * for its own scenarios; `refreshRun` puts them together.
 */
export function saveScenario(directory: string, record: ScenarioRecord): void {
  replaceJson(scenarioPaths(directory, record.id).record, record)
}

/**
 * Makes run.json of plan.json and every scenario.json, in one step: call it after every scenario,
 * so that a killed run still has a valid record. Throws an InputError for a part that is damaged.
 */
export function refreshRun(
  directory: string,
  end: { readonly endedAt?: string; readonly errors?: readonly string[] },
): RunRecord {
  const record: RunRecord = {
    format: 'gauntlet-run/1',
    ...headOf(readRunPlan(directory)),
    scenarios: readScenarios(directory),
    ...end,
  }
  writeRun({ path: directory }, record)
  return record
}

/** What run.json takes over from plan.json. */
export function headOf(plan: PlanHead) {
  const { runId, scenarios: planned, seed, startedAt, command } = plan
  const { etcd, upgradeTo, failpoints, spec, machine, capabilities } = plan
  return {
    id: runId,
    seed,
    startedAt,
    command,
    etcd,
    spec,
    machine,
    capabilities,
    planned,
    ...(upgradeTo !== undefined && { upgradeTo }),
    ...(failpoints !== undefined && { failpoints }),
  }
}

/** Reads `<directory>/plan.json` of a run; throws as `readRun` does. */
export function readRunPlan(directory: string): PlanHead {
  const file = runPlanFile(directory)
  return expectShape(planHeadValidator, readJson(file, 'the plan of a run'), {
    what: 'the plan',
    file,
  })
}

/** Whether a run's directory has its plan; throws an InputError for one that is no file. */
export function hasPlan(directory: string): Promise<boolean> {
  return hasFile(runPlanFile(directory))
}

function runPlanFile(directory: string): string {
  return join(directory, 'plan.json')
}

/**
 * Makes the last run.json. Where a scenario's record cannot be read it keeps what it had and gains
 * that error: a run whose evidence is damaged still has a report, and is not held.
 */
export function endRun(directory: string, errors: readonly string[]): void {
  const endedAt = new Date().toISOString()
  try {
    refreshRun(directory, { endedAt, errors })
  } catch (thrown) {
    const all = [...errors, messageOf(thrown)]
    writeRun({ path: directory }, { ...readRun(directory), endedAt, errors: all })
  }
}

/** Replaces run.json in one step. */
export function writeRun(run: { readonly path: string }, record: RunRecord): void {
  replaceJson(join(run.path, 'run.json'), record)
}

/**
 * Reads `<directory>/run.json`. Throws an InputError with the file and, for a wrong field, its
 * path, what was expected and what was found.
 */
export function readRun(directory: string): RunRecord {
  return readRecord(join(directory, 'run.json'), runFormat)
}

/** Reads one scenario.json; throws as `readRun` does. */
export function readScenario(file: string): ScenarioRecord {
  return expectShape(scenarioValidator, readJson(file, 'a scenario record'), {
    what: 'the record',
    file,
  })
}

/** A window's record is a part of its scenario's. */
const isOfWindow = (name: string): boolean => /[\\/]windows[\\/]\d+[\\/]/.test(name)

function readScenarios(directory: string): ScenarioRecord[] {
  const root = join(directory, 'scenarios')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|[\\/])scenario\.json$/.test(name) && !isOfWindow(name))
    .map((name) => join(root, name))
  const scenarios = files.map(readScenario)
  return scenarios.sort((one, other) => (one.id < other.id ? -1 : 1))
}
