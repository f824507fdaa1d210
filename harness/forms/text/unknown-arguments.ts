import { takesNoValue } from '../etcd/boolean-flags.ts'
import type { Word } from './etcd-command.ts'
import { allArguments, isMarked, withoutMarks } from './unresolved.ts'

/** Nothing but one variable, or what one command prints. */
function isWholeUnknown(text: string): boolean {
  const isWhole = /^(\$\{?\w+(\[[@*]\])?\}?|\$\(.*\)|`.*`)$/s.test(withoutMarks(text))
  return isWhole && isMarked(text)
}

/** An argument that is nothing but an unknown variable may be any number of flags, also none. */
export function splitUnknown(words: readonly Word[]) {
  const args: Word[] = []
  const unknown: Word[] = []
  let takesNext = false
  for (const word of words) {
    const { text } = word
    if (text === allArguments) continue
    const isUnknown = !takesNext && isWholeUnknown(text)
    if (isUnknown) unknown.push(word)
    else args.push(word)
    const flag: string | undefined = takesNext ? undefined : /^--?([a-z][\w-]*)$/.exec(text)?.[1]
    takesNext = flag !== undefined && !takesNoValue(flag)
  }
  return { args, unknown }
}
