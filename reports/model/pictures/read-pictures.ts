import type { Verdict } from '../../../harness/checkers/checker.ts'
import { evidencePaths } from '../../../harness/run-record/evidence/paths.ts'
import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { readSavedFinalState } from '../../read/final-state.ts'
import type { SavedHistory } from '../../read/history.ts'
import { readSavedLeases } from '../raw-lines.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import { durabilityPicture } from './durability.ts'
import { leasePicture } from './lease.ts'
import { lockPicture } from './lock.ts'
import { orderPicture } from './order.ts'
import type { Picture } from './picture.ts'

/**
 * The pictures of a scenario's violations, from its directory: each by the facts that its verdict
 * names, or by the operations where it names no more.
 */
export async function readPictures(
  { verdicts }: Pick<ScenarioRecord, 'verdicts'>,
  history: SavedHistory,
  { path, axis }: { readonly path: string; readonly axis: TimeAxis },
): Promise<Picture[]> {
  const invalid = verdicts.filter(({ verdict }) => verdict === 'invalid')
  if (invalid.length === 0) return []
  const paths = evidencePaths(path)
  const log = await readSavedLeases(paths.leases)
  const saved = readSavedFinalState(paths.finalState)
  const pictureOf = (verdict: Pick<Verdict, 'checker' | 'evidence'>): Picture | undefined =>
    leasePicture(verdict, history, { log, axis }) ??
    durabilityPicture(verdict, history, { saved, axis }) ??
    lockPicture(verdict, history, axis) ??
    orderPicture(verdict, history, axis)
  return invalid.flatMap((verdict) => pictureOf(verdict) ?? [])
}
