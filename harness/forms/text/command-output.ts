import { joinPrinted, nothingPrinted, type Printed, printed } from './printed.ts'
import { editStream } from './stream-editor.ts'

/** What a command has to read. */
export interface CommandInput {
  /** What stands on its standard input, where it is known. */
  readonly input: Printed | undefined
  /** The files that the script wrote. */
  readonly fileOf: (path: string) => Printed | undefined
  /** Of the command in the script. */
  readonly line: number
  readonly lastLine: number
}

/**
 * What a command prints, of those that print what follows from their words and their input: `echo`,
 * `printf`, `cat` and `sed`. Undefined where it does not follow.
 */
export function outputOf(
  [program = '', ...words]: readonly string[],
  context: CommandInput,
): Printed | undefined {
  const { line, lastLine } = context
  const place = { line, lastLine }
  if (program === 'echo') return printedAt(echo(words), place)
  if (program === 'printf') return printedAt(formatPrintf(words), place)
  if (program === 'cat') return concatenate(words, context)
  if (program === 'sed') return sed(words, context)
  return silent.test(program) ? nothingPrinted : undefined
}

/** They print nothing, or nothing that belongs to a file. */
const silent =
  /^(|:|true|cd|chmod|chown|cp|export|install|ln|local|mkdir|mv|rm|set|shift|sleep|systemctl|test|touch|unset|\[|\[\[)$/

function printedAt(text: string | undefined, place: { line: number; lastLine: number }) {
  return text === undefined ? undefined : printed(text, place)
}

/** As bash has it, which reads no backslashes without `-e`. */
function echo(words: readonly string[]): string | undefined {
  const count = words.findIndex((word) => !/^-[neE]+$/.test(word))
  const options = words.slice(0, count < 0 ? words.length : count).join('')
  const text = words.slice(count < 0 ? words.length : count).join(' ')
  const read = /e/.test(options) ? readEscapes(text) : text
  return read === undefined || /n/.test(options) ? read : `${read}\n`
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** Undefined where the text has an escape of another kind. */
function readEscapes(text: string): string | undefined {
  let isKnown = true
  const read = text.replaceAll(/\\(.)/gs, (_, sign: string) => {
    isKnown &&= Object.hasOwn(escapes, sign)
    return escapes[sign] ?? ''
  })
  return isKnown ? read : undefined
}

function formatPrintf([first = '', ...words]: readonly string[]): string | undefined {
  const [format = '', ...args] = first === '--' ? words : [first, ...words]
  const parts = partsOf(format)
  if (parts === undefined) return undefined
  const count = parts.filter(({ conversion }) => conversion !== undefined).length
  let text = ''
  let at = 0
  do {
    for (const part of parts) {
      const word = part.conversion === undefined ? part.text : (args[at++] ?? '')
      const own = part.conversion === '%b' ? readEscapes(word) : word
      if (own === undefined) return undefined
      text += own
    }
  } while (count > 0 && at < args.length)
  return text
}

function partsOf(format: string) {
  const parts: { readonly text: string; readonly conversion?: string }[] = []
  for (const [piece] of format.matchAll(/%.|[^%]+|%/gs)) {
    if (piece === '%%') parts.push({ text: '%' })
    else if (piece.startsWith('%')) {
      if (!/^%[sb]$/.test(piece)) return undefined
      parts.push({ text: '', conversion: piece })
    } else {
      const text = readEscapes(piece)
      if (text === undefined) return undefined
      parts.push({ text })
    }
  }
  return parts
}

function concatenate(words: readonly string[], { input, fileOf }: CommandInput) {
  if (words.some((word) => /^-./.test(word))) return undefined
  if (words.length === 0) return input
  let whole: Printed | undefined = nothingPrinted
  for (const word of words) {
    const file = word === '-' ? input : word === '/dev/null' ? nothingPrinted : fileOf(word)
    whole = file && whole && joinPrinted(whole, file)
  }
  return whole
}

/** The scripts and the files of sed's words; undefined for an option that is not known here. */
export function sedOf(words: readonly string[]) {
  const scripts: string[] = []
  const files: string[] = []
  let [isExtended, isInPlace, isUnknown] = [false, false, false]
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (/^(-e|--expression)$/.test(word)) scripts.push(words[++at] ?? '')
    else if (word.startsWith('--expression=')) scripts.push(word.slice('--expression='.length))
    else if (/^(-[Er]|--regexp-extended)$/.test(word)) isExtended = true
    else if (/^(-i.*|--in-place.*)$/.test(word)) isInPlace = true
    else if (/^-[Er]i$/.test(word)) [isExtended, isInPlace] = [true, true]
    else if (word.startsWith('-') && word !== '-') isUnknown = true
    else files.push(word)
  }
  const [first] = files
  if (scripts.length === 0 && first !== undefined) scripts.push(files.shift() ?? '')
  return { scripts, files, isExtended, isInPlace, isUnknown }
}

function sed(words: readonly string[], { input, fileOf }: CommandInput): Printed | undefined {
  const { scripts, files, isExtended, isUnknown } = sedOf(words)
  const [file] = files
  const text = file === undefined || file === '-' ? input : fileOf(file)
  if (text === undefined || isUnknown || files.length > 1) return undefined
  return editStream(text, { scripts, isExtended })
}
