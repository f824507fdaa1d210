import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { type FaultSpan, stateOfEffect } from './fault-spans.ts'
import type { MemberState } from './member-state.ts'
import type { TimeAxis } from './time-axis.ts'

interface Span<State extends string = string> {
  readonly state: State
  readonly fromS: number
  readonly toS: number
}

export interface MemberLane {
  readonly member: string
  readonly states: readonly Span<MemberState>[]
  /** When it led, by the `leader` marks. */
  readonly led: readonly Span<'leader'>[]
}

export function memberLanesOf(
  scenario: ScenarioRecord,
  windows: readonly FaultSpan[],
  axis: TimeAxis,
): MemberLane[] {
  const names = new Set(scenario.members.map(({ name }) => name))
  for (const { member } of scenario.marks) if (member) names.add(member)
  return [...names].map((member) => ({
    member,
    states: statesOf(member, scenario, windows, axis),
    led: leadershipsOf(scenario, axis).filter((span) => span.member === member),
  }))
}

/** Splits the axis at every cause and takes the worst state of each piece: down before isolated. */
function statesOf(
  member: string,
  scenario: ScenarioRecord,
  windows: readonly FaultSpan[],
  axis: TimeAxis,
): Span<MemberState>[] {
  const causes = [
    ...windows
      .filter(({ targets }) => targets.includes(member))
      .filter((window) => !isMarkedDown(member, window, scenario, axis))
      .map(({ effect, fromS, toS }) => ({ state: stateOfEffect(effect), fromS, toS })),
    ...downSpansOf(member, scenario, axis),
  ]
  const cuts = [0, axis.lengthS, ...causes.flatMap(({ fromS, toS }) => [fromS, toS])]
  const edges = [...new Set(cuts)].sort((one, other) => one - other)
  const spans: Span<MemberState>[] = []
  for (const [index, toS] of edges.entries()) {
    const fromS = edges[index - 1]
    if (fromS === undefined) continue
    const middle = (fromS + toS) / 2
    const present = causes.filter((cause) => cause.fromS <= middle && middle < cause.toS)
    const state = worstState(present.map((cause) => cause.state))
    const last = spans.at(-1)
    if (last?.state === state) spans[spans.length - 1] = { ...last, toS }
    else spans.push({ state, fromS, toS })
  }
  return spans
}

/** A kill takes a moment: a mark of the member's exit is more exact than the fault's window. */
function isMarkedDown(
  member: string,
  window: FaultSpan,
  scenario: ScenarioRecord,
  axis: TimeAxis,
): boolean {
  if (stateOfEffect(window.effect) !== 'down') return false
  return scenario.marks.some((mark) => {
    const at = axis.seconds(mark.timeNs)
    const within = at >= window.fromS && at <= window.toS
    return within && mark.kind === 'member-down' && mark.member === member
  })
}

const statesByGravity: readonly MemberState[] = ['down', 'paused', 'isolated', 'degraded', 'up']

function worstState(states: readonly MemberState[]): MemberState {
  return statesByGravity.find((state) => states.includes(state)) ?? 'up'
}

function downSpansOf(
  member: string,
  scenario: ScenarioRecord,
  axis: TimeAxis,
): Span<MemberState>[] {
  const spans: Span<MemberState>[] = []
  let since: number | undefined
  for (const mark of scenario.marks) {
    if (mark.member !== member) continue
    const at = axis.seconds(mark.timeNs)
    if (mark.kind === 'member-down') since ??= at
    if (mark.kind !== 'member-up' || since === undefined) continue
    spans.push({ state: 'down', fromS: since, toS: at })
    since = undefined
  }
  if (since !== undefined) spans.push({ state: 'down', fromS: since, toS: axis.lengthS })
  return spans
}

/** From one `leader` mark to the next, or to the leader's exit. */
function leadershipsOf(
  scenario: ScenarioRecord,
  axis: TimeAxis,
): (Span<'leader'> & { readonly member: string })[] {
  const spans: (Span<'leader'> & { member: string })[] = []
  for (const mark of scenario.marks) {
    const current = spans.at(-1)
    const at = axis.seconds(mark.timeNs)
    const ends = mark.kind === 'member-down' && mark.member === current?.member
    if (current !== undefined && current.toS === axis.lengthS && (mark.kind === 'leader' || ends)) {
      spans[spans.length - 1] = { ...current, toS: at }
    }
    if (mark.kind !== 'leader' || mark.member === undefined) continue
    spans.push({ state: 'leader', member: mark.member, fromS: at, toS: axis.lengthS })
  }
  return spans
}
