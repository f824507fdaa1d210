import type { EmbeddedFile } from '../file-form.ts'
import type { HereDocument } from './shell-lines.ts'
import { expandParameter, lengthOfParameter } from './shell-parameters.ts'
import { isMarked, unresolved } from './unresolved.ts'

/**
 * The files that a script writes by here-documents, such as `cat > etcd.service <<EOF`, each with the
 * lines of the script. What several of them write to one file is one file.
 */
export function filesWritten(
  documents: readonly HereDocument[],
  variables: ReadonlyMap<string, string>,
): readonly EmbeddedFile[] {
  const files = new Map<string, string>()
  for (const { command, text, line, isExpanded } of documents) {
    const name = targetOf(command)
    if (name === undefined) continue
    const path = isExpanded ? expand(name, variables) : name
    const former = files.get(path) ?? ''
    const gap = Math.max(0, line - former.split('\n').length)
    const written = isExpanded ? expand(text, variables) : text
    files.set(path, former + '\n'.repeat(gap) + written.replaceAll(/^\t+/gm, ''))
  }
  return [...files].map(([name, text]) => ({ name, text }))
}

/** Behind `>`, or the last word of `tee`. */
function targetOf(command: string): string | undefined {
  const [, redirected] = />>?\s*["']?([^\s"'<>|]+)/.exec(command) ?? []
  const [, teed] = /\btee\s+(?:-a\s+)?["']?([^\s"'<>|]+)/.exec(command) ?? []
  return teed ?? redirected
}

/**
 * As the shell replaces variables in a here-document. One without a value keeps its name, in a way that
 * no unit reads as a variable of its own.
 */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
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
  const inner = (word: string) => expand(word, variables)
  const value = expandParameter(parameter, variables, inner).join(' ')
  return isMarked(value) ? unresolved(parameter.replace(/^\$\{(\w+)\}$/, '$$$1')) : value
}
