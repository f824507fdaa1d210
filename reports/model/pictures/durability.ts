import type { MemberFinalState, Verdict } from '../../../harness/checkers/checker.ts'
import type { DurabilityViolation } from '../../../harness/checkers/keys/describe-losses.ts'
import type { Operation } from '../../../harness/history/operations.ts'
import { finalStateLinesOf, type SavedFinalState } from '../../read/final-state.ts'
import type { SavedHistory } from '../../read/history.ts'
import { formatCount } from '../format.ts'
import { brief } from '../operation-text.ts'
import { historyLinesOf } from '../raw-lines.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import { describeOperation } from './operation-bars.ts'
import type { Bar, Picture, Row } from './picture.ts'
import { isDurabilityViolation, violationsOf } from './violation-facts.ts'

const ofStore = 'store'

/**
 * The writes of one key in the order of their revisions, and below them up to where each member has
 * them. Without final-state.json only the members that are wrong are there.
 */
export function durabilityPicture(
  { checker, evidence }: Pick<Verdict, 'checker' | 'evidence'>,
  history: SavedHistory,
  { saved, axis }: { readonly saved: SavedFinalState | undefined; readonly axis: TimeAxis },
): Picture | undefined {
  const { all, found } = violationsOf(evidence, isDurabilityViolation)
  const [first] = all
  if (first === undefined) return undefined
  const { partition } = first
  const writes = byRevision(first, history)
  const wrong = all.filter((each) => each.partition === partition)
  const names = saved?.final.members.map(({ member }) => member) ?? []
  const members = [...new Set([...names, ...wrong.flatMap((each) => each.members)])]
  const isKey = partition !== ofStore
  const rows = members.map((member) => {
    const state = saved?.final.members.find((each) => each.member === member)
    const violation = wrong.find((each) => each.members.includes(member))
    return memberRow(member, { state, violation, partition, writes, isFirst: violation === first })
  })
  return {
    checker,
    heading: isKey ? 'What members hold of' : 'Up to which revision members have the store',
    ...(isKey && { subject: brief(partition) }),
    notes: [
      `The first lane has the writes${isKey ? ' of the key' : ' that are missing'}, in the order of their revisions; the others what each member held at the end.`,
      first.lostFound > 0
        ? `Red: ${formatCount(first.lostFound, 'acknowledged write')} that a member does not have.`
        : 'Red: what no recorded operation leaves.',
    ],
    columns: Math.max(writes.length, 1),
    ticks: [],
    rows: [...(writes.length > 0 ? [writesRow(writes, { isKey, axis })] : []), ...rows],
    isListedByLane: true,
    raw: [
      historyLinesOf(writes, history),
      ...(saved === undefined ? [] : [finalStateLinesOf(saved, isKey ? partition : '')]),
    ],
    ...(found > 1 && { table: { heads, rows: all.map(rowOf), found } }),
  }
}

const heads = ['Member', 'Key', 'What is wrong', 'Holds', 'Acknowledged writes lost']

const words: Readonly<Record<DurabilityViolation['code'], string>> = {
  'acknowledged-write-lost': 'an acknowledged write is lost',
  'unwritten-value': 'no recorded operation wrote it',
  'revision-lost': 'its revision is older than an answer',
  'impossible-state': 'no order of the operations leaves it',
}

function rowOf(violation: DurabilityViolation): string[] {
  const { members, partition, code, revision, heldModRevision, lostFound } = violation
  const held = heldModRevision === 0 ? 'nothing' : `modRevision ${heldModRevision}`
  const holds = heldModRevision === undefined ? `revision ${revision ?? '–'}` : held
  const key = partition === ofStore ? 'the whole store' : partition
  return [members.join(', '), key, words[code] ?? code, holds, String(lostFound)]
}

/** Those without a revision come after the write that was requested before them. */
function byRevision({ writes }: DurabilityViolation, { operations }: SavedHistory): Operation[] {
  const wanted = new Set(writes)
  const placed: { operation: Operation; revision: number }[] = []
  let last = 0
  for (const operation of operations) {
    if (!wanted.has(operation.invokeIndex)) continue
    last = revisionOf(operation) ?? last
    placed.push({ operation, revision: last })
  }
  return placed
    .sort((one, other) => one.revision - other.revision)
    .map(({ operation }) => operation)
}

const revisionOf = ({ outcome, completion }: Operation) =>
  outcome === 'ok' ? completion?.revision : undefined

function writesRow(
  writes: readonly Operation[],
  { isKey, axis }: { readonly isKey: boolean; readonly axis: TimeAxis },
): Row {
  const bars = writes.map((operation, column) => ({
    ...describeOperation(operation, { withKey: !isKey, isCulprit: false, seconds: axis.seconds }),
    fromColumn: column,
    toColumn: column + 1,
  }))
  return { name: 'writes', bars }
}

/** What the member has, and in red what it lacks or should not have. */
function memberRow(
  member: string,
  parts: {
    readonly state: MemberFinalState | undefined
    readonly violation: DurabilityViolation | undefined
    readonly partition: string
    readonly writes: readonly Operation[]
    readonly isFirst: boolean
  },
): Row {
  const { state, violation, partition, writes, isFirst } = parts
  const columns = Math.max(writes.length, 1)
  const [word, result] = formatHeld(partition, { state, violation })
  const bar = (bar: Omit<Bar, 'text'>): Bar => ({
    ...bar,
    text: `${member}: ${bar.words.join(' ')}, ${bar.result}`,
  })
  const held = { kind: 'held', words: ['holds', word], result } as const
  if (violation === undefined) {
    return { name: member, bars: [bar({ ...held, isCulprit: false, ...span(0, columns) })] }
  }
  const lost = new Set(violation.lost)
  const from = writes.findIndex(({ invokeIndex }) => lost.has(invokeIndex))
  const isNone = from < 0
  if (isNone) {
    const why = words[violation.code] ?? violation.code
    const culprit = { ...held, kind: 'lost', result: `${result}: ${why}` } as const
    return { name: member, bars: [bar({ ...culprit, isCulprit: isFirst, ...span(0, columns) })] }
  }
  const missing = formatCount(violation.lostFound, 'acknowledged write')
  const lack = {
    kind: 'lost',
    words: ['lacks', missing],
    result: 'lost',
    isCulprit: isFirst,
  } as const
  const bars = [
    ...(from === 0 ? [] : [bar({ ...held, isCulprit: false, ...span(0, from) })]),
    bar({
      ...lack,
      ...(from === 0 && { result: `lost; holds ${partition === ofStore ? result : word}` }),
      ...span(from, columns),
    }),
  ]
  return { name: member, bars }
}

const span = (fromColumn: number, toColumn: number) => ({ fromColumn, toColumn })

/** The value and its revision; of the whole store its revision. */
function formatHeld(
  partition: string,
  {
    state,
    violation,
  }: {
    readonly state: MemberFinalState | undefined
    readonly violation: DurabilityViolation | undefined
  },
): [word: string, result: string] {
  const revision = state?.revision ?? violation?.revision
  if (partition === ofStore) return ['the store', `revision ${revision ?? 'unknown'}`]
  const kv = state !== undefined && Object.hasOwn(state.keys, partition) && state.keys[partition]
  if (kv) return [brief(kv.value), `modRevision ${kv.modRevision}`]
  const held = violation?.heldModRevision ?? 0
  if (state === undefined && held > 0) return ['a value', `modRevision ${held}`]
  return ['no such key', `revision ${revision ?? 'unknown'}`]
}
