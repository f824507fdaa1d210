import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { readDeployment, type SourceFile } from './deployment/deployment.ts'
import { namedForms } from './file-forms.ts'

const folder = join(import.meta.dirname, '../../fixtures/deployments')
const readJson = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

const whole: readonly (readonly SourceFile[])[] = [
  ...['documents', 'deployers'].flatMap((part) =>
    readdirSync(join(folder, part)).map((name) => [
      { path: name, text: readFileSync(join(folder, part, name), 'utf8') },
    ]),
  ),
  ...readJson('variants.json').map(({ files }: { files: SourceFile[] }) => files),
  ...readJson('malformed.json').map(({ file, text }: { file: string; text: string }) => [
    { path: file, text },
  ]),
]

/** A deployment, or one clear line. */
function expectReadOrRefused(files: readonly SourceFile[], form?: (typeof namedForms)[number]) {
  try {
    const { members } = readDeployment(files, form)
    expect(members.length).toBeGreaterThan(0)
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown
    expect(thrown.message).toMatch(/^[^\n]+:\d+: expected [^\n]+, found [^\n]*$/)
  }
}

const signs = [
  '"',
  "'",
  '\\',
  '\n',
  '\r\n',
  '\t',
  '$(',
  '${',
  '`',
  '{',
  '[',
  '&a ',
  '*a',
  '<<',
  '#',
]
const inserted = fc.oneof(
  fc.constantFrom(...signs, ' ', '=', ':', '- ', '--', '\u0000', '\ufeff', '\ue000', '|', '---\n'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

/** The text with a piece cut out, and something else in its place. */
const mutated = fc
  .record({
    files: fc.constantFrom(...whole),
    from: fc.nat(999),
    length: fc.oneof(fc.constant(0), fc.nat(40), fc.constant(100_000)),
    inserted,
  })
  .map(({ files: [first, ...rest], from, length, inserted: put }) => {
    const { path, text } = first as SourceFile
    const at = Math.floor((from / 1_000) * text.length)
    return [{ path, text: text.slice(0, at) + put + text.slice(at + length) }, ...rest]
  })

test('a damaged or truncated file is read, or refused in one line', () => {
  fc.assert(
    fc.property(mutated, (files) => expectReadOrRefused(files)),
    { numRuns: 500 },
  )
})

test('every form reads any file, or refuses it in one line', () => {
  const any = fc.record({ files: mutated, form: fc.constantFrom(...namedForms) })
  fc.assert(
    fc.property(any, ({ files, form }) => expectReadOrRefused(files, form)),
    {
      numRuns: 500,
    },
  )
})

test('any text is read, or refused in one line', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(inserted).map((all) => all.join('')),
  )
  fc.assert(fc.property(text, (one) => expectReadOrRefused([{ path: 'a', text: one }])))
})
