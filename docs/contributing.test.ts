import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readSource, root } from '../harness/testing/sources.ts'

const page = readSource('CONTRIBUTING.md')

/** The first block of code behind a sentence of the page. */
function blockAfter(sentence: string): string {
  const at = page.indexOf(sentence)
  if (at < 0) throw new RangeError(`Expected CONTRIBUTING.md to have: ${sentence}`)
  return /```ts\n(.*?)```/s.exec(page.slice(at))?.[1] ?? ''
}

/** The files as a reader has them who follows the page, by their paths below the root. */
const changed: Readonly<Record<string, string>> = {
  'reports/model/format.test.ts':
    readSource('reports/model/format.test.ts').replace(/^import .*format\.ts'\n/m, '') +
    blockAfter('Add one to `reports/model/format.test.ts`'),
  'harness/checkers/unique-revisions.ts': blockAfter('Create `unique-revisions.ts`'),
  'harness/checkers/unique-revisions.test.ts': blockAfter('`unique-revisions.test.ts` beside it'),
  'suites/quorum-loss/handover.ts': readSource('suites/quorum-loss/handover.ts').replace(
    'readonly Scenario[] = [\n',
    (list) => list + blockAfter('Add to the list in `suites/quorum-loss/handover.ts`'),
  ),
  'harness/faults/process/restart-all.ts': blockAfter('Create `restart-all.ts`'),
  'harness/faults/index.ts': `${readSource('harness/faults/index.ts')}
export { restartAll } from './process/restart-all.ts'
`,
  'harness/faults/process/process.engine.test.ts':
    readSource('harness/faults/process/process.engine.test.ts') +
    blockAfter('A test of its own, in `harness/faults/process/process.engine.test.ts`'),
}

test('the examples are of the types that the code has', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-contributing-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    for (const [file, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), withAbsoluteImports(file, text))
    }
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { rewriteRelativeImportExtensions: false },
      include: [],
      files: Object.keys(changed),
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { stdout, stderr } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' })
    expect(stdout + stderr).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** What a file imports lies in the checkout, but for the other files of the examples. */
function withAbsoluteImports(file: string, text: string): string {
  return text.replaceAll(/ from '(\.[^']+)'/g, (statement, path: string) => {
    const target = join(dirname(file), path)
    return Object.hasOwn(changed, target) ? statement : ` from '${join(root, target)}'`
  })
}
