import { isMarked, withoutMarks } from './unresolved.ts'

/** Follows the loops of a script: how often a command runs that takes the variable of a loop. */
export class LoopTracker {
  readonly #open: { readonly variable?: string; readonly count?: number }[] = []

  get isOpen(): boolean {
    return this.#open.length > 0
  }

  /** Takes the words of a command, with the keyword before it. */
  enter(words: readonly string[]): void {
    const [first = '', variable, , ...over] = words
    if (/^(for|select)$/.test(first)) {
      const count = countOf(over)
      this.#open.push({
        ...(variable !== undefined && { variable }),
        ...(count !== undefined && { count }),
      })
    } else if (/^(while|until)$/.test(first)) this.#open.push({})
    else if (first === 'done') this.#open.pop()
  }

  /** Undefined where no loop with a known number of words has its variable in the text. */
  countIn(text: string): number | undefined {
    const loops = this.#open.filter(
      ({ variable = '' }) =>
        /^\w+$/.test(variable) && RegExp(`\\$\\{?${variable}(?!\\w)`).test(text),
    )
    const counts = loops.flatMap(({ count }) => count ?? [])
    const isKnown = loops.length > 0 && counts.length === loops.length
    return isKnown ? counts.reduce((product, count) => product * count, 1) : undefined
  }
}

/** Of the words behind `in`: `a b`, `{1..3}`, `$(seq 3)`; undefined where one is not known. */
function countOf(words: readonly string[]): number | undefined {
  const counts = words.map((word) => {
    const [, from, to] = /^\{(\d+)\.\.(\d+)\}$/.exec(word) ?? []
    if (from !== undefined) return Number(to) - Number(from) + 1
    if (!isMarked(word)) return 1
    const [, first, last] = /^[$`]\(?seq (\d+)(?: (\d+))?[)`]$/.exec(withoutMarks(word)) ?? []
    if (first === undefined) return Number.NaN
    return last === undefined ? Number(first) : Number(last) - Number(first) + 1
  })
  const count = counts.reduce((sum, each) => sum + each, 0)
  return count > 0 && count <= mostMembers ? count : undefined
}

/** A loop over more is over something else. */
const mostMembers = 99
