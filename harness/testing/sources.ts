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

/** Every TypeScript and JavaScript file of ours, as a path below the root. */
export function sourceFiles(): string[] {
  return ['harness', 'suites', 'fixtures', 'reports', 'docs'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !name.startsWith('out/'))
      .map((name) => join(top, name)),
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
