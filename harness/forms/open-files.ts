import { basename } from 'node:path/posix'
import { InputError } from '../core/errors.ts'
import type { SourceFile } from './deployment.ts'
import type { EmbeddedFile, FileContent, FileForm, FileReading } from './file-form.ts'
import { contentOf, namedForms, recognise } from './file-forms.ts'
import type { Problem } from './form.ts'
import { readYaml } from './text/yaml-document.ts'

export interface OpenedFile {
  readonly file: SourceFile
  /** By which other files refer to it. */
  readonly name: string
  readonly content: FileContent
  readonly form: FileForm
  readonly reading: FileReading
}

/**
 * The file in its form, and the files within it. Throws an InputError for a text in no known form;
 * a text within a file may be of anything.
 */
export function openFile(
  file: SourceFile,
  given: FileForm | undefined,
): readonly [OpenedFile, ...OpenedFile[]] {
  const recognised = recognise(file.text)
  const form = given ?? recognised.form
  if (form === undefined) {
    throw new InputError(formatProblem(file.path, unrecognised(file.text)), { file: file.path })
  }
  const content = given ? contentOf(file.text) : recognised.content
  const reading = form.read(content)
  const within = (reading.files ?? []).flatMap((embedded) => openEmbedded(file, embedded))
  return [{ file, name: basename(file.path), content, form, reading }, ...within]
}

function openEmbedded(file: SourceFile, { name, text }: EmbeddedFile): OpenedFile[] {
  const { content, form } = recognise(text)
  if (form === undefined || form.name === 'none') return []
  const reading = form.read(content)
  return [{ file: { path: file.path, text }, name: basename(name), content, form, reading }]
}

/** What the text seems to be meant as decides what is wrong with it. */
function unrecognised(text: string): Problem {
  const titles = namedForms.map(({ title }) => title).join(', ')
  const expected = `one of: ${titles}`
  if (text.trim() === '') return { line: 1, expected, found: 'an empty file' }
  const template = text.split('\n').findIndex((line) => /\{\{|\{%/.test(line))
  if (template >= 0) {
    const wanted = 'a file without {{ … }}: give the one that its template makes'
    return {
      line: template + 1,
      expected: wanted,
      found: (text.split('\n')[template] ?? '').trim(),
    }
  }
  const isLikeYaml = /^\s*[\w-]+:(\s|$)/m.test(text)
  const [problem] = isLikeYaml ? readYaml(text).problems : []
  const first = text.split('\n').findIndex((line) => line.trim() !== '')
  const found = (text.split('\n')[first] ?? '').trim()
  return problem ?? { line: first + 1, expected, found: shorten(found) }
}

/** `etcd.yaml:7: expected a whole number, found 4Gi`. */
export function formatProblem(file: string, { line, expected, found }: Problem): string {
  return `${file}:${line}: expected ${expected}, found ${shorten(found)}`
}

/** No control characters, and no line that fills the screen. */
function shorten(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return printable.length > 120 ? `${printable.slice(0, 117)}…` : printable
}
