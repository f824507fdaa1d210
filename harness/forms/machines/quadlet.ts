import { readContainers } from '../containers/container-command.ts'
import type { FileForm, FileReading, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import type { Word } from '../text/etcd-command.ts'
import { isEtcdImage } from '../text/find-etcd.ts'
import { expandWord, splitWords } from '../text/systemd-words.ts'
import { unresolved, withoutMarks } from '../text/unresolved.ts'
import { wordPlacer } from '../text/word-placer.ts'
import { assignmentsIn, type Directive, directivesOf } from './systemd-unit.ts'

/** A quadlet: a unit of systemd that is a container, with its image, its words and its variables. */
export const quadlet: FileForm = {
  name: 'quadlet',
  title: 'a quadlet (a container as a systemd unit)',
  recognises: ({ text }) => /^\[Container\]\s*$/m.test(text) && /^\s*(Image|Exec)\s*=/m.test(text),
  read: ({ text }) => readQuadlet(text),
}

interface Unit {
  readonly text: string
  readonly problems: Problem[]
  /** Variables of the unit itself, which the container does not have. */
  readonly known: ReadonlyMap<string, string>
}

function readQuadlet(text: string): FileReading {
  const problems: Problem[] = []
  const directives = directivesOf(text, problems)
  const own = directives.filter(({ section }) => section === 'Container')
  const around = directives.filter(({ section }) => section === 'Service')
  const unit = { text, problems, known: new Map(variablesOf(around, []).map(pairOf)) }
  const image = last(own, 'Image')
  const reference = withoutMarks(image?.value ?? '')
  const reading = readContainers([
    {
      label: '',
      words: ['Entrypoint', 'Exec'].flatMap((key) => wordsOf(last(own, key), unit)),
      variables: variablesOf(own, problems),
      ...(image !== undefined && { image: { reference, line: image.line } }),
      reads: inForce(own, 'EnvironmentFile').map(readOf),
      isEtcdImage: isEtcdImage(reference),
    },
  ])
  const all = [...problems, ...reading.problems]
  if (reading.members.length > 0 || all.length > 0) return { ...reading, problems: all }
  const problem = { line: 1, expected: 'a container that starts etcd', found: reference || 'none' }
  return { members: [], problems: [problem] }
}

function variablesOf(directives: readonly Directive[], problems: Problem[]): readonly Variable[] {
  return inForce(directives, 'Environment').flatMap((one) => assignmentsIn(one, problems))
}

const pairOf = ({ name, value }: Variable) => [name, value] as const

function last(directives: readonly Directive[], wanted: string): Directive | undefined {
  return directives.findLast(({ key }) => key === wanted)
}

/** An empty value takes back those above it. */
function inForce(directives: readonly Directive[], wanted: string): readonly Directive[] {
  const all = directives.filter(({ key }) => key === wanted)
  return all.slice(all.findLastIndex(({ value }) => value === '') + 1)
}

/** systemd replaces the variables of the unit that a quadlet becomes. */
function wordsOf(directive: Directive | undefined, { text, problems, known }: Unit): Word[] {
  if (directive === undefined) return []
  const { line, lastLine, value } = directive
  const { words, problem } = splitWords(value, line)
  if (problem !== undefined) problems.push(problem)
  const place = wordPlacer(text.split('\n'), { firstLine: line, lastLine }, 1)
  return words.flatMap((word) => expandWord(word, known, unresolved)).map((word) => place(word))
}

function readOf({ value, line }: Directive): ReadFile {
  const path = withoutMarks(value.replace(/^-/, ''))
  return { kind: 'environment', reader: 'runtime', path, line, isOptional: value.startsWith('-') }
}
