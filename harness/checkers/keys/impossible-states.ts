import type { CheckLimits } from '../checker.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import type { CompiledHistory } from '../etcd/compile/history.ts'
import { type StateGroup, withFinalGet, withFinalReads } from '../etcd/final-reads.ts'
import { missingCell } from '../etcd/operation.ts'
import {
  formatHeld,
  formatWrite,
  heldBy,
  lostBy,
  placeOf,
  type WritesByKey,
  type WrongState,
} from './losses.ts'

/**
 * Whether any order of the recorded operations leaves this state, and which key shows that none
 * does. Asks the solver again, so it is for histories that it finds valid without the state.
 */
export function findImpossibleState(
  compiled: CompiledHistory,
  writes: WritesByKey,
  [state, ...others]: StateGroup,
  limits: CheckLimits | undefined,
): WrongState[] {
  const found = checkEtcd(withFinalReads(compiled.history, [state]), limits)
  if (found.verdict !== 'invalid') return []
  const members = [state, ...others].map(({ member }) => member)
  const { partition = 'store' } = found.evidence ?? {}
  const none = `no order of the recorded operations leaves at revision ${state.revision}`
  if (partition === 'store') {
    const reason = `${state.member} ended with a state that ${none}: ${found.reason}`
    const { revision } = state
    return [{ code: 'impossible-state', members, partition, revision, reason, lost: [] }]
  }
  const holds = formatHeld(state, partition)
  const place = placeOf(state, partition)
  const lost = isWrongAlone() ? lostWrites() : []
  const last = lost.at(-1)
  if (last !== undefined) {
    const reason = `${holds} although ${formatWrite(last)}, which ${none}`
    return [{ code: 'acknowledged-write-lost', members, partition, ...place, reason, lost }]
  }
  const code = found.code === 'unwritten-value' ? 'unwritten-value' : 'impossible-state'
  return [{ code, members, partition, ...place, reason: `${holds}, which ${none}`, lost }]

  /** The key itself is wrong, not only the key at which the whole state contradicted. */
  function isWrongAlone(): boolean {
    const history = withFinalGet(compiled.history, state, partition)
    return checkEtcd(history, limits).verdict === 'invalid'
  }

  function lostWrites() {
    const id = compiled.keys.indexOf(partition)
    const acknowledged = (writes[id] ?? []).filter(({ isAcknowledged }) => isAcknowledged)
    return lostBy(acknowledged, heldBy(state, partition), compiled.initial[id] ?? missingCell) ?? []
  }
}
