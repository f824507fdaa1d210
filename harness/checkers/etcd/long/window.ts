import type { History, HistoryEvent, HistoryHeader } from '../../../history/operations.ts'
import type { Verdict } from '../../checker.ts'
import type { Share } from '../budget.ts'
import { compile } from '../compile/history.ts'
import { collectFacts } from '../facts.ts'
import { followRevisions } from '../follow-revisions.ts'
import { findDuplicateRevisionViolation, findImpossibleViolation } from '../immediate-violations.ts'
import { type Replay, replay, versionAt } from '../replay.ts'
import { assignSlots } from '../slots.ts'
import { violationVerdict } from '../violation.ts'
import type { PlacedOperation, UnknownOperation } from './arrivals.ts'

/** A part of a history, between two revisions, that is a history of its own. */
export interface Window {
  readonly history: History
  /** By event: its index in the whole history. */
  readonly places: readonly number[]
}

/** What a window's order leaves. */
export interface Decided {
  readonly verdict: Verdict
  /** Unknown operations that happened, by the whole history's index; all of it when valid. */
  readonly used: ReadonlySet<number>
  readonly states: StatesOfWindow | undefined
}

/** The store at the revisions of a window. */
export interface StatesOfWindow {
  readonly from: number
  stateAt(revision: number): KeyContents
}

export type KeyContents = Readonly<
  Record<string, { readonly value: string; readonly modRevision: number }>
>

export function buildWindow(
  header: HistoryHeader,
  placed: readonly PlacedOperation[],
  unknown: readonly UnknownOperation[],
): Window {
  const events: (readonly [number, HistoryEvent])[] = []
  for (const { invoke, completion, invokeIndex, completeIndex } of placed) {
    events.push([invokeIndex, invoke], [completeIndex, completion])
  }
  for (const { invoke, invokeIndex } of unknown) events.push([invokeIndex, invoke])
  events.sort(([one], [other]) => one - other)
  return {
    history: { header, events: events.map(([, event]) => event) },
    places: events.map(([index]) => index),
  }
}

/** Judges a window in which every answer has a slot. */
export function decideWindow({ history, places }: Window, limits: Share): Decided {
  const compiled = compile(history)
  const slots = assignSlots(compiled)
  const none = { used: new Set<number>(), states: undefined }
  const violation =
    findImpossibleViolation(compiled) ?? findDuplicateRevisionViolation(compiled, slots)
  if (violation !== undefined) return { verdict: violationVerdict(compiled, violation), ...none }
  const facts = collectFacts(compiled, slots)
  const { verdict, search } = followRevisions(compiled, { slots, facts }, limits)
  if (verdict.verdict !== 'valid' || search === undefined) return { verdict, ...none }
  const used = new Set<number>()
  for (const { isKnown, id, source } of compiled.ops) {
    if (!isKnown && (search.usedBy[id] ?? -1) >= 0) used.add(places[source.invokeIndex] ?? -1)
  }
  const found = replay(search, compiled, [])
  return { verdict, used, states: found && statesOf(found, compiled.keys) }
}

function statesOf(found: Replay, keys: readonly string[]): StatesOfWindow {
  const stateAt = (revision: number) => {
    const entries = keys.flatMap((key, id) => {
      const { value, mod } = versionAt(found, id, revision).cell
      return value === null ? [] : [[key, { value, modRevision: mod }] as const]
    })
    return Object.fromEntries(entries)
  }
  return { from: found.start, stateAt }
}
