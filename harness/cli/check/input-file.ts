import type { Verdict } from '../../checkers/checker.ts'
import type { FilePlace } from '../../history/formats/format.ts'
import type { History, Model } from '../../history/operations.ts'

/** How a file is read, and what its history holds at first. */
export interface ReadingOptions {
  readonly format?: string
  readonly model?: Model
  readonly initial?: { readonly value: unknown }
  /** A history that is judged while it is read is given up after this long. */
  readonly timeoutS?: number
}

/** A file that was read: its history, where each event stands, and how it is judged. */
export interface CheckInputFile {
  readonly history: History
  readonly warnings: readonly string[]
  placeOf(event: number): FilePlace & { readonly file?: string }
  judge(timeoutMs: number): Verdict
}
