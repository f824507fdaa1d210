import type { Word } from './etcd-command.ts'
import type { ShellLine } from './shell-lines.ts'
import { withoutMarks } from './unresolved.ts'

/**
 * Words do not say where they were: each is on the first line that has it, from the last one on.
 * `offset` is the line of the file that is the first of `raw`.
 */
export function wordPlacer(
  raw: readonly string[],
  { firstLine, lastLine }: Pick<ShellLine, 'firstLine' | 'lastLine'>,
  offset: number,
): (word: string) => Word {
  let from = firstLine
  return (text) => {
    const lines = raw.slice(from - 1, lastLine)
    const find = (part: string) => lines.findIndex((line) => part !== '' && line.includes(part))
    const written = withoutMarks(text)
    // `--initial-cluster` is a part of `--initial-cluster-token`, too.
    const alone = lines.findIndex((line) => hasWord(line, written))
    const whole = alone >= 0 ? alone : find(written)
    const at = whole >= 0 ? whole : find(/^-*[^=]+/.exec(written)?.[0] ?? '')
    if (at > 0) from += at
    return { text, line: from + offset - 1 }
  }
}

function hasWord(line: string, word: string): boolean {
  if (word === '') return false
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [line[at - 1], line[at + word.length]]
    if (!/[\w-]/.test(before) && !/[\w=-]/.test(after)) return true
  }
  return false
}
