import { basename } from 'node:path/posix'
import { InputError } from '../../core/errors.ts'
import type { EmbeddedFile, FileContent, FileForm, FileReading } from '../file-form.ts'
import { contentOf, namedForms, recognise } from '../file-forms.ts'
import type { Problem } from '../form.ts'
import { withoutMarks } from '../text/unresolved.ts'
import { readYaml } from '../text/yaml-document.ts'
import type { SourceFile } from './deployment.ts'
import { nameLookalike } from './lookalikes.ts'
import { placeIn } from './place.ts'

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
    const problem = unrecognised(recognised.content)
    throw new InputError(formatProblem(file, problem), { file: file.path })
  }
  const content = given ? contentOf(file.text) : recognised.content
  const reading = form.read(content)
  const template = templateIn(content.text)
  const isUnfilled = hasStatements(content.text) && !withTemplates.test(form.name)
  if (template !== undefined && (isUnfilled || isTemplates(reading.problems, content))) {
    throw new InputError(formatProblem(file, template), { file: file.path })
  }
  const within = (reading.files ?? []).flatMap((embedded) => openEmbedded(file, embedded, 0))
  return [{ file, name: basename(file.path), content, form, reading }, ...within]
}

/** A script within a file may write files of its own. */
function openEmbedded(
  outer: SourceFile,
  { name, text, lines }: EmbeddedFile,
  depth: number,
): OpenedFile[] {
  const { content, form } = recognise(text)
  if (form === undefined || form.name === 'none' || depth > mostDepth) return []
  const reading = form.read(content)
  const count = content.text.split('\n').length
  const own = lines ?? Array.from({ length: count }, (_, index) => index + 1)
  const all = own.map((line) => outer.lines?.[line - 1] ?? line)
  const file = { ...outer, text, lines: all }
  const within = (reading.files ?? []).flatMap((each) => openEmbedded(file, each, depth + 1))
  return [{ file, name: basename(name), content, form, reading }, ...within]
}

const mostDepth = 3

/** What the text seems to be meant as decides what is wrong with it. */
function unrecognised({ text, documents }: FileContent): Problem {
  const names = namedForms.map(({ name }) => name).join(', ')
  const expected = `a deployment of etcd in one of the forms ${names}`
  if (text.trim() === '') return { line: 1, expected, found: 'an empty file' }
  const named = nameLookalike(text, documents)
  if (named !== undefined) return { line: 1, expected: 'a deployment of etcd', found: named }
  if (text.split('\n').every((line) => /^\s*(#|---|$)/.test(line))) {
    return { line: 1, expected: 'a deployment of etcd', found: 'nothing but comments' }
  }
  const template = templateIn(text)
  if (template !== undefined) return template
  const isLikeYaml = /^\s*[\w-]+:(\s|$)/m.test(text)
  const [problem] = isLikeYaml ? readYaml(text).problems : []
  const first = text.split('\n').findIndex((line) => line.trim() !== '')
  const found = (text.split('\n')[first] ?? '').trim()
  return problem ?? { line: first + 1, expected, found: shorten(found) }
}

/** Whether what is wrong with the file is that its template has not filled it in. */
function isTemplates(problems: readonly Problem[], { text, documents }: FileContent): boolean {
  const lines = text.split('\n')
  const isMarked = ({ line, found }: Problem) =>
    templateMark.test(lines[line - 1] ?? '') || templateMark.test(found)
  // A script has braces of its own, for the programs that it runs.
  const isFilledIn = documents === undefined && !text.startsWith('#!')
  return problems.length > 0 && (isFilledIn || problems.some(isMarked))
}

/** `{% for … %}` says what a file will have, and has no value of its own. */
function hasStatements(text: string): boolean {
  return !text.startsWith('#!') && /^(?![ \t]*#).*(\{%.*%\}|<%(?!=).*%>)/m.test(text)
}

/** Forms whose values are templates of the program that reads them. */
const withTemplates = /^(inventory|group-vars|compose|machine|helm)$/

const templateMark = /\{\{|\{%|<%|%\{\s*~?\s*(if|for|else|end)/

function templateIn(text: string): Problem | undefined {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => templateMark.test(line))
  if (at < 0) return undefined
  const mark = /%\{/.test(lines[at] ?? '') ? '%{ … }' : '{{ … }}'
  const expected = `a file without ${mark}: give the one that its template makes`
  return { line: at + 1, expected, found: (lines[at] ?? '').trim() }
}

/** `etcd.yaml:7: expected a whole number, found 4Gi`. */
export function formatProblem(
  source: Pick<SourceFile, 'path' | 'parts' | 'lines'>,
  { line: whole, expected, found }: Problem,
): string {
  const { file, line } = placeIn(source, whole)
  return `${file}:${line}: expected ${expected}, found ${shorten(withoutMarks(found))}`
}

/** No control characters, and no line that fills the screen. */
function shorten(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return printable.length > 120 ? `${printable.slice(0, 117)}…` : printable
}
