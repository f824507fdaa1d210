import type { Placed, SourceFile } from './deployment.ts'

/** The user's own file and line, of a line of a text that may be of several files. */
export function placeIn(
  { path, parts = [] }: Pick<SourceFile, 'path' | 'parts'>,
  line: number,
): Placed {
  const part = parts.findLast(({ firstLine }) => firstLine <= line)
  return part === undefined
    ? { file: path, line }
    : { file: part.path, line: line - part.firstLine + 1 }
}
