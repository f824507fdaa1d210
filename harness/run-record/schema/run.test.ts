import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Check } from 'typebox/schema'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../core/random.ts'
import { createValidator } from '../../core/schema/validator.ts'
import { sampleRun } from '../testing/sample-run.ts'
import { runSchema } from './run.ts'

const validator = createValidator(runSchema)

test('a record is valid by the published schema, and so with fields of a later version', () => {
  expect(validator.findMismatch(sampleRun())).toBeUndefined()
  expect(validator.accepts({ ...sampleRun(), later: { field: 1 } })).toBe(true)
})

test('of two thousand damaged records, the reader refuses those that the published schema does', () => {
  const file = join(import.meta.dirname, '../../../docs/run.schema.json')
  const published = JSON.parse(readFileSync(file, 'utf8')) as object
  const random = createRandom('damaged records')
  let refused = 0
  for (let round = 0; round < 2_000; round++) {
    const record = JSON.parse(JSON.stringify(sampleRun())) as unknown
    const { path, what } = damage(record, random)
    const mismatch = validator.findMismatch(record)
    expect(mismatch === undefined, what).toBe(Check(published, record))
    if (mismatch === undefined) continue
    refused++
    expect(mismatch.path.startsWith(path), `${what}: ${mismatch.path}`).toBe(true)
    expect(mismatch.expected, what).not.toMatch(/^a value/)
  }
  expect(refused).toBeGreaterThan(500)
})

interface Spot {
  readonly holder: Record<string, unknown>
  readonly field: string
  readonly path: string
}

/** Replaces or removes one value somewhere in the tree. */
function damage(tree: unknown, random: Random): { path: string; what: string } {
  const spots: Spot[] = []
  const visit = (node: unknown, path: string) => {
    if (typeof node !== 'object' || node === null) return
    for (const field of Object.keys(node)) {
      const at = Array.isArray(node)
        ? `${path}[${field}]`
        : path === ''
          ? field
          : `${path}.${field}`
      spots.push({ holder: node as Record<string, unknown>, field, path: at })
      visit((node as Record<string, unknown>)[field], at)
    }
  }
  visit(tree, '')
  const { holder, field, path } = random.pick(spots)
  const wrong = [null, '', 'x', -1, 1.5, 3, true, [], {}, [null], { a: 'b' }, '../x']
  if (random.int(0, 3) === 0 && !Array.isArray(holder)) {
    delete holder[field]
    return { path, what: `without ${path}` }
  }
  holder[field] = random.pick(wrong)
  return { path, what: `${path} = ${JSON.stringify(holder[field])}` }
}
