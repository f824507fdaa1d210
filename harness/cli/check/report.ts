import { judgeWatchedHistory } from '../../checkers/judge/judge-watched-history.ts'
import { readRobustnessReport } from '../../history/formats/robustness/read-report.ts'
import type { CheckInputFile } from './input-file.ts'

/** The directory that a robustness test of etcd leaves, with the operations of all its clients. */
export async function readReport(directory: string): Promise<CheckInputFile> {
  const { history, watches, warnings, placeOf } = await readRobustnessReport(directory)
  return {
    history,
    warnings,
    placeOf,
    judge: (timeoutMs) => judgeWatchedHistory({ history, watches }, { timeoutMs }),
  }
}
