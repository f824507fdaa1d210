import {
  type Digests,
  digestEvidence,
  hasFile,
  listEvidence,
} from '../../run-record/evidence/files.ts'
import { type Observations, readObservations } from '../../run-record/evidence/observations.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readShrinking, type Shrinking } from '../../run-record/evidence/shrinking.ts'
import {
  listWindows,
  readWindows,
  type Windows,
  windowsFile,
} from '../../run-record/evidence/windows.ts'
import { readScenarioPlan, type ScenarioPlan } from '../../run-record/scenario-plan.ts'

/** All of a scenario that ran in windows but the windows themselves. */
export interface WindowedEvidence {
  readonly plan: ScenarioPlan
  readonly windows: Windows
  /** Absent when the run was killed before the last window ended. */
  readonly observations?: Observations
  readonly shrinking?: Shrinking
  readonly sha256: Digests
  /** The windows' folders, in order, relative to the scenario's directory. */
  readonly folders: readonly string[]
}

/** Whether the directory is one of a scenario that ran in windows. */
export const isWindowed = (directory: string): Promise<boolean> => hasFile(windowsFile(directory))

/** Throws an InputError that names the file for what cannot be read. */
export async function readWindowed(directory: string): Promise<WindowedEvidence> {
  const paths = evidencePaths(directory)
  const files = await listEvidence(directory)
  const hasObservations = await hasFile(paths.observations)
  const hasShrinking = await hasFile(paths.shrinking)
  return {
    plan: readScenarioPlan(paths.plan),
    windows: readWindows(windowsFile(directory)),
    ...(hasObservations && { observations: readObservations(paths.observations) }),
    ...(hasShrinking && { shrinking: readShrinking(paths.shrinking) }),
    sha256: await digestEvidence(directory, files),
    folders: await listWindows(directory),
  }
}
