import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Problem } from '../form.ts'

/** A YAML value with the line on which it begins, from 1. */
export type YamlValue = YamlScalar | YamlList | YamlMap

interface YamlScalar {
  readonly kind: 'scalar'
  readonly line: number
  /** Its text without quotes: `4Gi`, `true`, `0750`. */
  readonly text: string
  /** On which the text begins: below its `|` or `>`, where it has one. */
  readonly textLine: number
  readonly type: 'string' | 'number' | 'boolean' | 'null'
  /** As the file has it, from `line` on, where it stands on several lines. */
  readonly rawLines?: readonly string[]
  /** That the file itself gives it: `int` of `!!int`, or a local one with its `!`. */
  readonly tag?: string
  /** Without quotes, so that another reader may take it for a number or a boolean. */
  readonly isPlain: boolean
}

interface YamlList {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly YamlValue[]
}

interface YamlMap {
  readonly kind: 'map'
  readonly line: number
  readonly entries: readonly YamlEntry[]
}

export interface YamlEntry {
  readonly key: string
  readonly line: number
  readonly value: YamlValue
  /** A map behind a `<<` further down has the key, too; which of the two counts depends on the reader. */
  readonly isReplaced?: true
}

/** The documents of a text, and what is wrong with its syntax. Never throws. */
export function readYaml(text: string): {
  readonly documents: readonly YamlValue[]
  readonly problems: readonly Problem[]
} {
  const lines = new LineCounter()
  // Anchors that multiply (a few lines that expand to gigabytes) count as wrong.
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true })
  if (!Array.isArray(parsed)) return { documents: [], problems: [] }
  const problems: Problem[] = parsed.flatMap(({ errors, warnings }) =>
    [...errors, ...warnings.filter(({ code }) => code === 'BAD_DIRECTIVE')].map(
      ({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        expected: 'YAML',
        found: firstLineOf(message),
      }),
    ),
  )
  problems.push(...controlCharacters(text))
  if (problems.length > 0) return { documents: [], problems }
  const visited = { count: 0 }
  const walk = { lines, visited, text, depth: 0, problems }
  const documents = parsed.flatMap((document) => {
    const value = toValue(document.contents, { ...walk, document })
    return value === undefined ? [] : [value]
  })
  if (problems.length > 0) return { documents: [], problems }
  if (visited.count <= mostNodes) return { documents, problems }
  const found = `more than ${mostNodes} values`
  return { documents: [], problems: [{ line: 1, expected: 'a deployment file', found }] }
}

/** No YAML reader takes them. */
function controlCharacters(text: string): Problem[] {
  const at = text.search(/[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd\u{10000}-\u{10ffff}]/u)
  if (at < 0) return []
  const line = text.slice(0, at).split('\n').length
  const code = text.codePointAt(at) ?? 0
  return [
    {
      line,
      expected: 'YAML',
      found: `the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}`,
    },
  ]
}

/** A deployment file has some hundred; aliases of aliases have as many as they like. */
const mostNodes = 100_000
const mostDepth = 100

/** The entry of that key; undefined where the value is no map or lacks it. */
export function entryOf(value: YamlValue | undefined, key: string): YamlEntry | undefined {
  return value?.kind === 'map' ? value.entries.find((entry) => entry.key === key) : undefined
}

/** The value at that path of keys. */
export function valueAt(value: YamlValue | undefined, ...path: readonly string[]) {
  return path.reduce<YamlValue | undefined>((at, key) => entryOf(at, key)?.value, value)
}

/** The text of the scalar at that path. */
export function textAt(value: YamlValue | undefined, ...path: readonly string[]) {
  const found = valueAt(value, ...path)
  return found?.kind === 'scalar' && found.type !== 'null' ? found.text : undefined
}

/** The items of the list at that path; none where there is no list. */
export function itemsAt(value: YamlValue | undefined, ...path: readonly string[]) {
  const found = valueAt(value, ...path)
  return found?.kind === 'list' ? found.items : []
}

/** The entries of the map at that path; none where there is no map. */
export function entriesAt(value: YamlValue | undefined, ...path: readonly string[]) {
  const found = valueAt(value, ...path)
  return found?.kind === 'map' ? found.entries : []
}

/** A value as one line, for a message. */
export function formatYaml(value: YamlValue): string {
  if (value.kind === 'scalar') return value.text
  return value.kind === 'list' ? 'a list' : 'a map'
}

interface Walk {
  readonly document: Document
  /** Of the whole file. */
  readonly text: string
  readonly lines: LineCounter
  readonly visited: { count: number }
  readonly depth: number
  readonly problems: Problem[]
}

function toValue(node: unknown, walk: Walk): YamlValue | undefined {
  const { document, lines, visited, depth } = walk
  if (++visited.count > mostNodes || depth > mostDepth) {
    visited.count = mostNodes + 1
    return undefined
  }
  const inner = { ...walk, depth: depth + 1 }
  const line = lineOf(node, lines)
  if (isAlias(node)) {
    const target = node.resolve(document)
    if (target !== undefined) return toValue(target, inner)
    const expected = `an anchor &${node.source} above`
    walk.problems.push({ line, expected, found: `only *${node.source}` })
    return undefined
  }
  if (isMap(node)) return { kind: 'map', line, entries: mergeMaps(entriesOf(node, inner), walk) }
  if (isSeq(node)) {
    return { kind: 'list', line, items: node.items.flatMap((item) => toValue(item, inner) ?? []) }
  }
  return isScalar(node) ? { ...scalarOf(node, line), ...rawLinesOf(node, walk.text) } : undefined
}

interface ReadEntry extends YamlEntry {
  readonly isMerge: boolean
}

function entriesOf({ items }: YAMLMap<unknown, unknown>, walk: Walk): ReadEntry[] {
  return items.flatMap(({ key: node, value }) => {
    const line = lineOf(node, walk.lines)
    const key = isAlias(node) ? node.resolve(walk.document) : node
    if (!isScalar(key) || key.value === null) {
      const found = isAlias(node) ? 'an alias' : isScalar(key) ? 'none' : 'a list or a map'
      walk.problems.push({ line, expected: 'a text as key', found })
      return []
    }
    const isMerge = key.value === '<<' && key.type === 'PLAIN'
    const read = toValue(value, walk) ?? emptyAt(line)
    return [{ key: String(key.value), line, value: read, isMerge }]
  })
}

/** With the entries of the maps behind `<<`, for which the map's own keys go first. */
function mergeMaps(entries: readonly ReadEntry[], { problems }: Walk): YamlEntry[] {
  const own = entries.filter(({ isMerge }) => !isMerge)
  const merged = entries.flatMap(({ isMerge, line, value }, index) => {
    if (!isMerge) return []
    const maps = value.kind === 'list' ? value.items : [value]
    const inner = maps.flatMap((map) => (map.kind === 'map' ? map.entries : []))
    if (maps.some(({ kind }) => kind !== 'map')) {
      problems.push({ line, expected: 'a map behind <<', found: formatYaml(value) || 'nothing' })
    }
    return inner.map((entry) => ({ entry, index }))
  })
  if (merged.length === 0) {
    const byKey = own.map(({ key, line, value }) => [key, { key, line, value }] as const)
    return [...new Map(byKey).values()]
  }
  const isReplaced = (key: string, at: number) =>
    merged.some(({ entry, index }) => entry.key === key && index > at)
  const kept = own.map(({ key, line, value }) => ({
    key,
    line,
    value,
    ...(isReplaced(
      key,
      entries.findIndex((entry) => entry.key === key),
    ) && { isReplaced: true as const }),
  }))
  const others = merged.map(({ entry }) => entry).toReversed()
  return [...new Map([...others, ...kept].map((entry) => [entry.key, entry])).values()]
}

/** Where a text is folded, its own lines tell nothing of the file's. */
function rawLinesOf({ range }: Scalar, text: string): Pick<YamlScalar, 'rawLines'> {
  const raw = text.slice(range?.[0] ?? 0, range?.[1] ?? 0).split('\n')
  return raw.length > 1 ? { rawLines: raw } : {}
}

function scalarOf(node: Scalar, line: number): YamlScalar {
  const { value, source, type: style = '' } = node
  if (value === undefined || (value === null && node.tag === undefined)) return emptyAt(line)
  const textLine = style.startsWith('BLOCK') ? line + 1 : line
  const tag = node.tag?.replace(/^tag:yaml\.org,2002:/, '')
  const isPlain = style === 'PLAIN'
  const scalar = {
    kind: 'scalar',
    line,
    textLine,
    isPlain,
    ...(tag !== undefined && { tag }),
  } as const
  // `0x10` and `8_589` stay what the user wrote; a quoted text loses its quotes.
  if (typeof value === 'string') return { ...scalar, text: value, type: 'string' }
  const type = value === null ? 'null' : typeof value === 'boolean' ? 'boolean' : 'number'
  return { ...scalar, text: source ?? String(value), type }
}

function emptyAt(line: number): YamlScalar {
  return { kind: 'scalar', line, textLine: line, text: '', type: 'null', isPlain: true }
}

function lineOf(node: unknown, lines: LineCounter): number {
  const start = (node as Node | null)?.range?.[0]
  return start === undefined ? 1 : lines.linePos(start).line
}

function firstLineOf(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '')
}
