import { listFailpoints } from '../../cluster/failpoints.ts'
import type { Log } from '../../core/log.ts'
import { connectEngine } from '../../engine/connect.ts'
import { hasFailpoints } from '../../engine/images/inspect.ts'
import { newRunId } from '../../run-record/run-directory.ts'
import { timeScaleOf } from '../../scenario/build-plan.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { Prepared } from '../prepare.ts'
import { chosenScenarios, type Selection } from './suites.ts'

/**
 * The failpoints of the binary under test, for a run with chaos; undefined where it has none or nothing
 * would set them. Debian builds without.
 */
export async function findFailpoints(
  { image }: Prepared,
  selection: Selection,
  log: Log,
): Promise<string[] | undefined> {
  const scenarios = await chosenScenarios(selection)
  if (image.source === 'debian' || !scenarios.some(({ chaos }) => chaos)) return undefined
  if (!(await hasFailpoints(await connectEngine(), image.reference))) return undefined
  const { version, architecture, reference } = image
  const names = await listFailpoints({
    spec: clusterSpec({ version, architecture }),
    runId: newRunId(),
    image: reference,
    timeScale: timeScaleOf(image),
  })
  log.step(`the binary has ${names.length} failpoints, which chaos sets`)
  return [...names]
}
