import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The checkout's root. */
export const root = join(import.meta.dirname, '../..')

/** One import or re-export: `from` is a path below the root, `target` too or a package's name. */
export interface Import {
  readonly from: string
  readonly target: string
  readonly isType: boolean
  readonly statement: string
}

/** Whether only tests may import the file: it is one, or it lies in a `testing/` folder. */
export function isForTests(file: string): boolean {
  return /(\.test|\.bench)\.ts$|\/testing\//.test(file)
}

const folders = ['harness', 'suites', 'fixtures', 'reports', 'docker', 'docs', '.github']

/** Every TypeScript and JavaScript file of ours, as a path below the root. */
export function sourceFiles(): string[] {
  return filesBelow(folders).filter((file) => /\.(ts|mjs)$/.test(file))
}

/** Every test file of ours, as a path below the root. */
export function testFiles(): string[] {
  return sourceFiles().filter((file) => file.endsWith('.test.ts'))
}

/** Every Markdown page of ours, as a path below the root. */
export function markdownFiles(): string[] {
  return [...readdirSync(root), ...filesBelow(folders)].filter((file) => file.endsWith('.md'))
}

function filesBelow(tops: readonly string[]): string[] {
  return tops.flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .map((name) => join(top, name))
      .filter((file) => !file.startsWith('reports/out/')),
  )
}

/** The text of a file whose path is below the root. */
export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** All imports of a source text that lies at `from`, dynamic ones too. */
export function importsOf(from: string, source: string): Import[] {
  const found = source.matchAll(
    /^\s*(?:import|export)\s(?<type>type\s)?(?:[^'"();=]*?\sfrom\s)?\s*['"](?<fixed>[^'"]+)['"]|\bimport\(\s*['"](?<late>[^'"]+)['"]/gm,
  )
  return [...found].map(({ 0: statement, groups }) => {
    const specifier = groups?.fixed ?? groups?.late ?? ''
    const target = specifier.startsWith('.') ? join(dirname(from), specifier) : specifier
    return { from, target, isType: groups?.type !== undefined, statement: statement.trim() }
  })
}
