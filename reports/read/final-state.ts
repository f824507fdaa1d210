import { existsSync, readFileSync } from 'node:fs'
import type { FinalState } from '../../harness/checkers/checker.ts'
import { readFinalState } from '../../harness/run-record/evidence/final-state.ts'
import type { RawLines } from '../model/raw-lines.ts'
import { toOneLine } from '../text.ts'

/** What members held at the end, with the text that says so. */
export interface SavedFinalState {
  readonly final: FinalState
  readonly lines: readonly string[]
}

/** Undefined when final-state.json is missing or damaged. */
export function readSavedFinalState(path: string): SavedFinalState | undefined {
  if (!existsSync(path)) return undefined
  try {
    return { final: readFinalState(path), lines: readFileSync(path, 'utf8').split('\n') }
  } catch {
    return undefined
  }
}

const longest = 400
const mostLines = 80

/** The lines about each member and this key; of a file without line breaks there are none. */
export function finalStateLinesOf({ lines }: SavedFinalState, key: string): RawLines {
  const opening = `${JSON.stringify(key)}: {`
  const shown: { number: number; text: string }[] = []
  let isWithin = false
  for (const [index, line] of lines.entries()) {
    const text = line.trim()
    if (text === opening) isWithin = true
    const isOfMember = /^"(member|revision)": ("|\d)/.test(text)
    if (isWithin || isOfMember) shown.push({ number: index + 1, text: toOneLine(line, longest) })
    if (isWithin && text.startsWith('}')) isWithin = false
  }
  return { file: 'final-state.json', lines: shown.slice(0, mostLines) }
}
