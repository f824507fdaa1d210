import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Failure, Observations } from '../../run-record/evidence/observations.ts'
import { compressedPaths, evidencePaths } from '../../run-record/evidence/paths.ts'
import { type Windows, windowFolder, windowsFile } from '../../run-record/evidence/windows.ts'
import { replaceJson } from '../../run-record/files.ts'
import { createScenarioDirectory, type EvidenceDirectory } from '../../run-record/run-directory.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { planEvidence } from '../outcome/plan-evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { longestWindowMs } from './window-lengths.ts'

/** Makes the scenario's directory, with what is decided before the first window. */
export function createWindows(parts: {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly spec: ClusterSpec
  readonly durationMs: number
}): EvidenceDirectory {
  const { scenario, plan, durationMs } = parts
  const directory = createScenarioDirectory(plan.directory, scenario.id)
  const startedAt = new Date().toISOString()
  replaceJson(directory.plan, planEvidence({ ...parts, startedAt, directory: directory.relative }))
  const windowMs = longestWindowMs
  const windows: Windows = { format: 'gauntlet-windows/1', durationMs, windowMs }
  replaceJson(windowsFile(directory.path), windows)
  for (const [file, content] of Object.entries(scenario.attachments ?? {})) {
    replaceJson(join(directory.path, file), content)
  }
  return directory
}

/** Makes the directory of a window, whose streams are compressed. */
export function createWindow(
  { path, relative }: EvidenceDirectory,
  number: number,
): EvidenceDirectory {
  const folder = windowFolder(number)
  const paths = compressedPaths(evidencePaths(join(path, folder)))
  mkdirSync(paths.members, { recursive: true })
  return { ...paths, relative: `${relative}/${folder}` }
}

/** What kept the run from its windows, and how many it began: with this file it ended. */
export function saveObservations(
  { observations }: EvidenceDirectory,
  ended: {
    readonly failures: readonly Failure[]
    readonly windows: number
    readonly durationMs: number
  },
): void {
  const { failures, windows, durationMs } = ended
  const content: Observations = {
    format: 'gauntlet-observations/1',
    durationMs: Math.round(durationMs),
    failures,
    marks: [],
    measures: { windows },
    lowerBounds: {},
    elections: null,
  }
  replaceJson(observations, content)
}
