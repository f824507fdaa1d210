import type { CommandInput } from './command-output.ts'
import { outputOf, sedOf } from './command-output.ts'
import { isWrapper } from './find-etcd.ts'
import { joinPrinted, nothingPrinted, type Printed, printed } from './printed.ts'
import type { Branches } from './shell-branches.ts'
import type { SimpleCommand } from './simple-commands.ts'
import { editStream } from './stream-editor.ts'
import { plainNames, withoutMarks } from './unresolved.ts'
import type { WrittenFiles } from './written-files.ts'

/** A command of a script, with what is around it. */
interface RunCommand extends Pick<SimpleCommand, 'redirections'> {
  readonly words: readonly string[]
  /** What it gets from the command before it, or from a here-document. */
  readonly input: Printed | undefined
  /** Of a group in braces: what its commands printed. */
  readonly output?: Printed | undefined
  readonly isGroup?: boolean
  readonly line: number
  readonly lastLine: number
  readonly branches: () => Branches
  /** It may run several times. */
  readonly isInLoop: boolean
}

/** Follows what a command writes to files; returns what it prints otherwise. */
export function followOutput(command: RunCommand, files: WrittenFiles): Printed | undefined {
  const { redirections, line, lastLine } = command
  const words = programOf(command.words).map(plainNames)
  const { branches } = command
  const place = { line, branches }
  const context: CommandInput = {
    input: inputOf(command, files),
    fileOf: (path) => files.get(withoutMarks(path)),
    line,
    lastLine,
  }
  const output = command.isGroup ? command.output : outputOf(words, context)
  changeFiles(words, { ...context, output }, { files, place, isInLoop: command.isInLoop })
  const targets = redirections.filter(isOutput)
  for (const { operator, target } of targets) {
    const path = withoutMarks(target)
    if (operator.endsWith('>>')) files.append(path, command.isInLoop ? undefined : output, place)
    else files.write(path, output, place)
  }
  if (targets.length > 0) return nothingPrinted
  return words[0] === 'tee' ? context.input : output
}

/** Of standard output, to a file. */
function isOutput({ operator, number = '1', target }: SimpleCommand['redirections'][number]) {
  const isFile = !/^(\d+|-|\/dev\/.*)$/.test(target)
  return isFile && number === '1' && /^&?(>>?|>\|)$/.test(operator)
}

function inputOf({ input, redirections, line }: RunCommand, files: WrittenFiles) {
  const from = redirections.findLast(({ operator }) => /^<(<<)?$/.test(operator))
  if (from?.operator === '<') return files.get(withoutMarks(from.target))
  return from === undefined ? input : printed(`${plainNames(from.target)}\n`, { line })
}

interface Change {
  readonly files: WrittenFiles
  readonly place: { readonly line: number; readonly branches: () => Branches }
  readonly isInLoop: boolean
}

/** `tee`, `sed -i`, `cp` and the like. */
function changeFiles(
  [program = '', ...words]: readonly string[],
  { input }: CommandInput & { readonly output: Printed | undefined },
  { files, place, isInLoop }: Change,
): void {
  const paths = words.filter((word) => !word.startsWith('-')).map(withoutMarks)
  if (program === 'tee') {
    const isAppended = words.some((word) => /^(-\w*a\w*|--append)$/.test(word))
    for (const path of paths.filter((one) => !one.startsWith('/dev/'))) {
      if (isAppended) files.append(path, isInLoop ? undefined : input, place)
      else files.write(path, input, place)
    }
  } else if (program === 'sed') editInPlace(words, { files, place })
  else if (/^(touch|truncate)$/.test(program)) {
    for (const path of paths.filter((one) => files.get(one) === undefined)) {
      files.write(path, nothingPrinted, place)
    }
  } else if (/^(cp|mv|install|ln)$/.test(program)) {
    const [to = '', ...from] = operandsOf(words).map(withoutMarks).toReversed()
    for (const path of from) {
      files.copy(path, folderOrFile(to, path), { isMoved: program === 'mv' })
    }
  }
}

function editInPlace(words: readonly string[], { files, place }: Omit<Change, 'isInLoop'>): void {
  const { scripts, files: paths, isExtended, isInPlace, isUnknown } = sedOf(words)
  if (!isInPlace) return
  for (const path of paths.map(withoutMarks)) {
    files.edit(
      path,
      (text) => (isUnknown ? undefined : editStream(text, { scripts, isExtended })),
      place,
    )
  }
}

/** Without options and their values: `install -m 644 a b`. */
function operandsOf(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => !word.startsWith('-') && !/^-[mogt]$/.test(words[at - 1] ?? ''))
}

/** A path without an extension, where the name of the source has one, is a folder's. */
function folderOrFile(to: string, from: string): string {
  const name = from.split('/').at(-1) ?? ''
  const last = to.split('/').at(-1) ?? ''
  const isPlain = to.includes('/') && !/\/(default|sysconfig)\//.test(to) && !last.includes('.')
  const isFolder = /^\.{0,2}$|\.d$/.test(last) || (isPlain && name.includes('.'))
  return isFolder ? `${to.replace(/\/$/, '')}/${name}` : to
}

/** The command that `sudo` and the like start. */
function programOf(words: readonly string[]): readonly string[] {
  const at = words.findIndex(
    (word, index) => !isWrapper(word) && !/^-[ugh]$/.test(words[index - 1] ?? ''),
  )
  const [program = '', ...rest] = at < 0 ? [] : words.slice(at)
  return [program.replace(/^.*\//, ''), ...rest]
}

/** Of the commands in braces, one behind the other; undefined where one is not known. */
export function joinOutputs(first: Printed | undefined, second: Printed | undefined) {
  return first && second && joinPrinted(first, second)
}
