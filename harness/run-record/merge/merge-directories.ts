import { cpSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../../core/errors.ts'
import { readJson } from '../../core/read-json.ts'
import { insideRun, replaceJson } from '../files.ts'
import { createRunDirectory, headOf, readRun, readRunPlan, writeRun } from '../run-directory.ts'
import type { RunRecord } from '../run-record.ts'
import { isSameRun, mergeRuns } from './merge-runs.ts'

interface Part {
  readonly directory: string
  readonly record: RunRecord
}

/**
 * Merges run directories below `out`: one new run directory for all that are of one cluster and seed,
 * with their evidence. Copies, and leaves the given ones as they are. Returns the new directories.
 */
export function mergeRunDirectories(directories: readonly string[], out: string): string[] {
  const parts = directories.map((directory) => {
    return { directory: resolve(directory), record: readRun(directory) }
  })
  return groupParts(parts).map((group) => mergeGroup(group, out))
}

function groupParts(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = []
  for (const part of parts) {
    const group = groups.find(([first]) => first && isSameRun(first.record, part.record))
    if (group === undefined) groups.push([part])
    else group.push(part)
  }
  return groups
}

function mergeGroup(parts: readonly Part[], out: string): string {
  const merged = mergeRuns(parts.map(({ record }) => record))
  const { id, directory } = createRunDirectory(resolve(out))
  for (const scenario of merged.scenarios) {
    const from = directoryOf(scenario.directory, parts, scenario.outcome)
    cpSync(from, insideRun(directory, scenario.directory), { recursive: true })
  }
  const [first] = parts
  if (first === undefined) throw new InputError('Expected runs to merge, got none')
  const plan = readJson(join(first.directory, 'plan.json'), 'the plan of a run') as object
  const { planned: scenarios = [], startedAt } = merged
  replaceJson(join(directory, 'plan.json'), { ...plan, runId: id, directory, startedAt, scenarios })
  writeRun({ path: directory }, { ...merged, ...headOf(readRunPlan(directory)) })
  return directory
}

/** The part whose record of the scenario was taken: the one with that outcome. */
function directoryOf(
  relative: string,
  parts: readonly Part[],
  outcome: RunRecord['scenarios'][number]['outcome'],
): string {
  const having = parts.find(({ record, directory }) => {
    const found = record.scenarios.find((scenario) => scenario.directory === relative)
    return found?.outcome === outcome && existsSync(insideRun(directory, relative))
  })
  const directory = having?.directory ?? parts[0]?.directory ?? ''
  const path = insideRun(directory, relative)
  if (existsSync(path)) return path
  throw new InputError(`Expected the scenario's directory at ${path}, got none`, { path })
}
