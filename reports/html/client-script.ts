import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'

/** In the order of their imports: each file uses only those before it. */
const files = ['data', 'decode', 'dots', 'axes', 'backdrop', 'plots', 'filters', 'route', 'main']

/**
 * The browser's part as one script. In the checkout the files are TypeScript and Node strips the
 * types; in the installed package they are compiled already. Joined without a bundler: within one
 * function their exports are plain names, and their imports of one another are dropped.
 */
export function clientScript(): string {
  const extension = extname(import.meta.filename)
  const folder = join(import.meta.dirname, '../client')
  const parts = files.map((name) => {
    const source = readFileSync(join(folder, `${name}${extension}`), 'utf8')
    const script = extension === '.ts' ? stripTypes(source) : source
    return script
      .replaceAll(/^import\s[^'"]*?from\s*['"][^'"]+['"];?$/gm, '')
      .replaceAll(/^export /gm, '')
  })
  return `(() => {\n'use strict'\n${parts.join('\n')}\n})()`
}

/** Without Node's warning that stripping is experimental: readers of a report need not see it. */
function stripTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
