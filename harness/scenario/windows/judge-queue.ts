import type { CheckerRegistry } from '../../checkers/judge/registry.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { judgeWindow } from './judge-window.ts'

/** Judges windows one after the other, while later ones run. */
export interface JudgeQueue {
  add(window: JudgedLater): void
  /** Whether a window that has been judged is broken. */
  hasBroken(): boolean
  /** The records of all that were added, in order. */
  finish(): Promise<readonly ScenarioRecord[]>
}

interface JudgedLater {
  readonly directory: string
  /** What is on record when it cannot be judged, for this reason. */
  readonly unjudged: (reason: string) => ScenarioRecord
}

export function openJudgeQueue(log: Log, registry?: CheckerRegistry): JudgeQueue {
  const records: ScenarioRecord[] = []
  let judging = Promise.resolve()
  const judge = async ({ directory, unjudged }: JudgedLater) => {
    const startedMs = performance.now()
    const record = await judgeWindow(directory, registry).catch((thrown: unknown) => {
      return unjudged(`the window could not be judged: ${messageOf(thrown)}`)
    })
    records.push(record)
    const tookS = ((performance.now() - startedMs) / 1_000).toFixed(1)
    log.step(`window ${records.length} ${record.outcome}, judged in ${tookS} s`)
  }
  return {
    add: (window) => {
      judging = judging.then(() => judge(window))
    },
    hasBroken: () => records.some(({ outcome }) => outcome === 'broken'),
    finish: async () => {
      await judging
      return records
    },
  }
}
