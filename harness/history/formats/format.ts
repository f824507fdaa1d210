import { InputError } from '../../core/errors.ts'
import type { History } from '../operations.ts'
import type { ForeignFormatName } from './names.ts'

/** Where in the user's file an event stands; lines count from 1. */
export interface FilePlace {
  readonly line: number
  /** Of a file that is one array: the element, counted from 0. */
  readonly index?: number
}

/** A value of a file that holds many, with its place. */
export interface Element {
  readonly value: unknown
  readonly place: FilePlace
}

/** Another program's history in our words. */
export interface ConvertedHistory {
  readonly history: History
  /** One for each of `history.events`. */
  readonly places: readonly FilePlace[]
  /** One line each: what was odd, or was left out; they change no verdict. */
  readonly warnings: readonly string[]
}

/** How another program writes histories. */
export interface HistoryFormat {
  readonly name: ForeignFormatName
  /** Decides by the beginning of a file, some thousand characters. */
  recognizes(beginning: string): boolean
  /**
   * Throws an InputError of one line, with file and line, for what the format does not allow and for
   * histories that no checker of ours judges.
   */
  read(text: string, file: string): ConvertedHistory
}

/** Throws the error of one place of a file. */
export type Refuse = (place: FilePlace, problem: string) => never

export function refuseIn(file: string): Refuse {
  return ({ line, index }, problem) => {
    const element = index === undefined ? '' : `element ${index}: `
    throw new InputError(`${file}:${line}: ${element}${problem}`, { file, line })
  }
}
