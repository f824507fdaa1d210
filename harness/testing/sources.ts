import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesBelow } from '../core/files-below.ts'

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

/** Without the reports of runs. */
const ownFiles = () => filesBelow(root, folders).filter((file) => !file.startsWith('reports/out/'))

/** Every TypeScript and JavaScript file of ours, as a path below the root. */
export function sourceFiles(): string[] {
  return ownFiles().filter((file) => /\.(ts|mjs)$/.test(file))
}

/** Every test file of ours, as a path below the root. */
export function testFiles(): string[] {
  return sourceFiles().filter((file) => file.endsWith('.test.ts'))
}

/** Every Markdown page of ours, as a path below the root. */
export function markdownFiles(): string[] {
  return [...readdirSync(root), ...ownFiles()].filter((file) => file.endsWith('.md'))
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
