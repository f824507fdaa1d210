import type { EmbeddedFile } from '../file-form.ts'
import type { HereDocument } from './shell-lines.ts'
import { unresolved } from './unresolved.ts'

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
  return text.replaceAll(
    /\\([$`\\])|\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)|\$\([^)]*\)/g,
    (match, escaped?: string, braced?: string, otherwise?: string, bare?: string) => {
      if (escaped !== undefined) return escaped
      const name = braced ?? bare
      if (name === undefined) return unresolved(match)
      return variables.get(name) ?? otherwise ?? unresolved(`$${name}`)
    },
  )
}
