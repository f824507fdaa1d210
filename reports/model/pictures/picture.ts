import type { RawLines } from '../raw-lines.ts'

/** The picture of one broken guarantee: bars on lanes. Columns show order; their widths mean nothing. */
export interface Picture {
  readonly checker: string
  readonly heading: string
  /** What all of it is about, such as a key; the labels then leave it out. */
  readonly subject?: string
  /** How to read it, a sentence each. */
  readonly notes: readonly string[]
  readonly columns: number
  /** Above the lanes: what some columns are. */
  readonly ticks: readonly Tick[]
  readonly rows: readonly Row[]
  /** As a list lane by lane, where the columns are no order of time. */
  readonly isListedByLane?: boolean
  readonly raw: readonly RawLines[]
  /** Every violation that the verdict names, where there is more than the one of the picture. */
  readonly table?: ViolationTable
}

interface Tick {
  readonly column: number
  readonly text: string
}

export interface Row {
  readonly name: string
  readonly bars: readonly Bar[]
}

/**
 * Operations by their outcome; `must` and `gone`: what had to be; `held`: what somebody has; `lost`:
 * what a member lacks, or a client should not have.
 */
type BarKind = 'ok' | 'fail' | 'info' | 'must' | 'gone' | 'held' | 'lost'

export interface Bar {
  readonly kind: BarKind
  /** Each on its own, so that one that reads from right to left leaves the others in their order. */
  readonly words: readonly string[]
  readonly result: string
  /** The bar as a sentence, for lists and readers of screens. */
  readonly text: string
  readonly fromColumn: number
  /** The first column after it, at least one more than `fromColumn`. */
  readonly toColumn: number
  /** Place in the longest order that was found; absent when it has none. */
  readonly place?: number
  /** It shows the violation. */
  readonly isCulprit: boolean
}

interface ViolationTable {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How many there are; `rows` are the first ones. */
  readonly found: number
}
