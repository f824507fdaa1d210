import { InputError } from '../../core/errors.ts'

/** A file that holds no history that can be read, by its beginning; `what` is named to the user. */
interface Kind {
  readonly what: string
  isKind(text: string, bytes: Buffer): boolean
}

const startsWith =
  (...magic: readonly (readonly number[])[]) =>
  (_: string, bytes: Buffer) =>
    magic.some((start) => start.every((byte, at) => bytes[at] === byte))

const matches = (pattern: RegExp) => (text: string) => pattern.test(text)

const unpack = 'unpack it first'
const convert = 'convert it to UTF-8 first'
const giveHistory = 'give history.edn or history.txt of the same folder'

const kinds: readonly Kind[] = [
  { what: 'an empty file', isKind: (text) => /^\uFEFF?\s*$/.test(text) },
  {
    what: `text in UTF-16 or UTF-32: ${convert}`,
    isKind: (text, bytes) =>
      startsWith([0xff, 0xfe], [0xfe, 0xff], [0, 0, 0xfe, 0xff])(text, bytes) || isWide(bytes),
  },
  { what: `Jepsen's test.jepsen: ${giveHistory}`, isKind: matches(/^JEPSEN\0/) },
  {
    what: `Jepsen's test.fressian: ${giveHistory}`,
    isKind: (text, bytes) => bytes.includes(0) && /concurrency|leave-db-running/.test(text),
  },
  {
    what: `an archive (zip, xz, zstd, bzip2 or tar): ${unpack}`,
    isKind: (text, bytes) =>
      startsWith(
        [0x50, 0x4b, 3, 4],
        [0xfd, 0x37, 0x7a],
        [0x28, 0xb5, 0x2f, 0xfd],
        [0x42, 0x5a, 0x68],
      )(text, bytes) || bytes.toString('latin1', 257, 262) === 'ustar',
  },
  {
    what: `Jepsen's timeline.html, a picture of a history: ${giveHistory}`,
    isKind: matches(/^\s*<(?:!doctype|html)[\s\S]*class="ops"/i),
  },
  {
    what: "Porcupine's visualization, a picture of a history: give the operations themselves",
    isKind: matches(
      /^\s*<(?:!doctype|html)[\s\S]*porcupine|"PartialLinearizations"\s*:|^\s*\{\s*"Partitions"\s*:/i,
    ),
  },
  {
    what: 'an HTML, XML or SVG page',
    isKind: matches(/^\uFEFF?\s*<(?:!doctype|\?xml|html|svg)\b/i),
  },
  {
    what: 'a table of operations (CSV): write them as porcupine-json',
    isKind: matches(
      /^\uFEFF?(?=.{0,300}\b(?:call|invo|client|process|kind|op))[\w ."]+([,;\t][\w ."]*){2,}\r?\n/i,
    ),
  },
  {
    what: 'an object with operations in a list: give the list as a file of its own',
    isKind: (text) => isWrapper(text),
  },
  {
    what: "the watches of one client of etcd's robustness test: give the directory with all client-N",
    isKind: matches(/^\s*\{\s*"Request"\s*:[\s\S]*"Responses"\s*:/),
  },
  { what: 'a binary file', isKind: (_, bytes) => bytes.includes(0) },
]

/** An object that has more to say than its list, such as how reads were made: nobody knows what. */
export function isWrapper(beginning: string): boolean {
  const start = beginning.slice(0, 4_000)
  return /^\uFEFF?\s*\{/.test(start) && /"(?:operations|history|events|ops)"\s*:\s*\[/.test(start)
}

/** Half of the bytes are zero, as in UTF-16 of plain letters without its mark. */
function isWide(bytes: Buffer): boolean {
  const { length } = bytes.subarray(0, 1_000)
  const zeros = bytes.subarray(0, length).filter((byte) => byte === 0).length
  const offset = bytes[0] === 0 ? 0 : 1
  if (length < 8 || zeros < length / 3 || zeros > (length * 4) / 5) return false
  return Array.from({ length: 4 }, (_, index) => bytes[2 * index + offset]).every((b) => b === 0)
}

/**
 * Throws an InputError of one line for a file that no format recognizes, and that has not even a JSON
 * object at its beginning: what it is where that is known, or how it begins.
 */
export function refuseNoHistory(file: string, bytes: Buffer): void {
  const text = bytes.toString()
  const kind = kinds.find(({ isKind }) => isKind(text, bytes))
  if (kind === undefined && /^\uFEFF?\s*\{/.test(text)) return
  const begins = text.trimStart().split('\n', 1)[0]?.slice(0, 40)
  const found = kind?.what ?? `text that begins with \`${begins}\``
  const wanted = 'Expected a history in one of the formats of `gauntlet check --help`'
  throw new InputError(`${file}: ${wanted}, got ${found}`, { file })
}
