import { type Space, type StateId, type TaskEffect, unseen } from './task.ts'

export interface PrefixSpace extends Space {
  /** The state of holding exactly this text. */
  stateOf(text: string): StateId
  /** The last event index at which any text was still to be seen. */
  lastSighting(): number
}

/** All observed texts that begin with the first `length` characters of `texts[from]`. */
interface Prefix {
  readonly from: number
  readonly to: number
  readonly length: number
  readonly until: number
}

/**
 * The states of a string that is put and appended to. A text matters only as long as it begins an
 * observed one, so a state is a prefix of observed texts: a range of their sorted list, and a
 * length. Nothing is concatenated, whatever the appends make.
 */
export function createPrefixSpace(
  sightings: readonly { readonly text: string; readonly until: number }[],
  initial: string,
): PrefixSpace {
  const { texts, untils } = sortedTexts(sightings)
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  const prefixes: Prefix[] = [{ from: 0, to: 0, length: 0, until: -1 }]
  const known = new Map<number, StateId>()
  const extend = (prefix: Prefix, added: string): StateId => {
    const from = boundary(texts, prefix, (text) => partAfter(text, prefix, added) >= added)
    if (from === prefix.to || partAfter(texts[from], prefix, added) !== added) return unseen
    const length = prefix.length + added.length
    const key = from * (longest + 1) + length
    const before = known.get(key)
    if (before !== undefined) return before
    const to = boundary(
      texts,
      { ...prefix, from },
      (text) => partAfter(text, prefix, added) > added,
    )
    known.set(key, prefixes.length)
    prefixes.push({ from, to, length, until: latest(untils, from, to) })
    return prefixes.length - 1
  }
  const whole = { from: 0, to: texts.length, length: 0, until: -1 }
  const stateOf = (text: string) => (texts.length === 0 ? unseen : extend(whole, text))
  const appended = new Map<number, Map<StateId, StateId>>()
  const append = (state: StateId, effect: TaskEffect & { kind: 'append' }) => {
    if (state === unseen) return unseen
    const memo = appended.get(effect.id) ?? new Map<StateId, StateId>()
    if (memo.size === 0) appended.set(effect.id, memo)
    const before = memo.get(state)
    if (before !== undefined) return before
    const after = extend(prefixes[state] as Prefix, effect.text)
    memo.set(state, after)
    return after
  }
  const lastSighting = latest(untils, 0, texts.length)
  return {
    initial: stateOf(initial),
    append,
    stateOf,
    canBecome: (state, other) => {
      const { from, to, length } = prefixes[state] as Prefix
      const wanted = prefixes[other] as Prefix
      return length <= wanted.length && from <= wanted.from && wanted.from < to
    },
    seenUntil: (state) => prefixes[state]?.until ?? -1,
    lastSighting: () => lastSighting,
  }
}

/** The observed texts, each once, in order, with the last event index at which one was seen. */
function sortedTexts(sightings: readonly { text: string; until: number }[]) {
  const last = new Map<string, number>()
  for (const { text, until } of sightings) last.set(text, Math.max(until, last.get(text) ?? -1))
  const texts = [...last.keys()].sort()
  return { texts, untils: texts.map((text) => last.get(text) ?? -1) }
}

/** What stands where `added` would, after the prefix. */
function partAfter(text: string | undefined, { length }: Prefix, added: string): string {
  return text === undefined ? '' : text.slice(length, length + added.length)
}

/** The first index of the range from which on `holds`. */
function boundary(texts: readonly string[], range: Prefix, holds: (text: string) => boolean) {
  let low = range.from
  let high = range.to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(texts[middle] ?? '')) high = middle
    else low = middle + 1
  }
  return low
}

function latest(untils: readonly number[], from: number, to: number): number {
  let most = -1
  for (let index = from; index < to; index++) most = Math.max(most, untils[index] ?? -1)
  return most
}
