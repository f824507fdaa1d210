import type { Placed, SourceFile } from './deployment.ts'

/** The user's own file and line, of a line of a text that may be of several files. */
export function placeIn(
  { path, parts = [], lines }: Pick<SourceFile, 'path' | 'parts' | 'lines'>,
  given: number,
): Placed {
  const line = lines?.[given - 1] ?? lines?.at(-1) ?? given
  const part = parts.findLast(({ firstLine }) => firstLine <= line)
  return part === undefined
    ? { file: path, line }
    : { file: part.path, line: line - part.firstLine + 1 }
}
