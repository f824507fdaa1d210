import { expandParameter, lengthOfParameter } from './shell-parameters.ts'
import { isMarked, unresolved } from './unresolved.ts'

/**
 * A here-document with its variables replaced as the shell does. One without a value keeps its name, in a
 * way that no unit reads as a variable of its own. A `\` at the end of a line stays, for the lines of a unit.
 */
export function expandDocument(text: string, variables: ReadonlyMap<string, string>): string {
  let expanded = ''
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const [escaped] = /^\\[$`\\]/.exec(rest) ?? []
    const [substitution] = /^(\$\([^)]*\)+|`[^`]*`)/.exec(rest) ?? []
    const length = rest.startsWith('$') ? lengthOfParameter(rest) : 0
    if (escaped !== undefined) expanded += escaped.slice(1)
    else if (substitution !== undefined) expanded += unresolved(substitution)
    else if (length > 0) expanded += valueIn(rest.slice(0, length), variables)
    else expanded += text[at]
    at += escaped?.length ?? substitution?.length ?? (length || 1)
  }
  return expanded
}

/** A value of which a part is unknown would be several words of a unit: the name stands for it. */
function valueIn(parameter: string, variables: ReadonlyMap<string, string>): string {
  const inner = (word: string) => expandDocument(word, variables)
  const value = expandParameter(parameter, variables, inner).join(' ')
  return isMarked(value) ? unresolved(parameter.replace(/^\$\{(\w+)\}$/, '$$$1')) : value
}
