import type { Verdict } from '../../harness/checkers/checker.ts'
import type { HistoryEvent, OperationEvent } from '../../harness/history/operations.ts'

/** Adds a violation that a person can follow: an acknowledged write, then a read that misses it. */
export function withStaleRead(
  events: readonly HistoryEvent[],
  atS: number,
): { readonly events: readonly HistoryEvent[]; readonly verdict: Verdict } {
  const key = 'account/42'
  const at = (ms: number) => Math.round(atS * 1e9 + ms * 1e6)
  const line = (event: Partial<OperationEvent>) => ({ key, ...event }) as OperationEvent
  const added = [
    line({
      type: 'invoke',
      process: 900,
      f: 'put',
      value: 'balance=10',
      member: 'm1',
      timeNs: at(0),
    }),
    line({ type: 'ok', process: 900, f: 'put', revision: 911, member: 'm1', timeNs: at(4) }),
    line({
      type: 'invoke',
      process: 901,
      f: 'put',
      value: 'balance=25',
      member: 'm2',
      timeNs: at(6),
    }),
    line({ type: 'invoke', process: 902, f: 'get', member: 'm3', timeNs: at(7) }),
    line({ type: 'ok', process: 902, f: 'get', value: 'balance=10', revision: 911, timeNs: at(9) }),
    line({ type: 'ok', process: 901, f: 'put', revision: 912, member: 'm2', timeNs: at(11) }),
    line({
      type: 'invoke',
      process: 903,
      f: 'cas',
      value: ['balance=25', 'balance=30'],
      member: 'm2',
      timeNs: at(12),
    }),
    line({ type: 'invoke', process: 902, f: 'get', member: 'm1', timeNs: at(15) }),
    line({
      type: 'ok',
      process: 902,
      f: 'get',
      value: 'balance=10',
      revision: 911,
      timeNs: at(17),
    }),
    line({ type: 'info', process: 903, f: 'cas', error: 'DEADLINE_EXCEEDED', timeNs: at(512) }),
  ]
  const all = [...events, ...added].sort((one, other) => one.timeNs - other.timeNs)
  const position = (index: number) => all.indexOf(added[index] as OperationEvent)
  return {
    events: all,
    verdict: {
      checker: 'linearizable',
      factsJudged: 2,
      verdict: 'invalid',
      reason:
        'A linearizable read of account/42 at m1 returned "balance=10" although the write of ' +
        '"balance=25" was acknowledged 4 ms before it was sent',
      operations: Math.floor(all.length / 2),
      evidence: {
        partition: key,
        culprit: position(7),
        prefix: [position(0), position(3), position(2)],
        involved: [position(0), position(2), position(3), position(6), position(7)],
        expected: 'balance=25 or balance=30',
        found: 'balance=10',
      },
    },
  }
}
