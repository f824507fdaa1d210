import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../core/random.ts'
import { runSchema } from './run-schema.ts'
import { mismatchOf } from './schema.ts'
import { sampleRun } from './testing/sample-run.ts'
import { throughputSchema } from './throughput-record.ts'

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(runSchema)

test.each([
  ['run', runSchema],
  ['throughput', throughputSchema],
])('the published schema of a %s is the one that records are read with', (name, schema) => {
  const file = join(import.meta.dirname, `../../docs/${name}.schema.json`)
  const published = JSON.parse(readFileSync(file, 'utf8'))
  expect(published, 'run: npm run docs').toEqual(JSON.parse(JSON.stringify(schema)))
})

test('a record is valid by the published schema, and so with fields of a later version', () => {
  expect(validate(sampleRun()), JSON.stringify(validate.errors)).toBe(true)
  expect(validate({ ...sampleRun(), later: { field: 1 } })).toBe(true)
})

test('our reader and a full validator agree on two thousand damaged records', () => {
  const random = createRandom('damaged records')
  let refused = 0
  for (let round = 0; round < 2_000; round++) {
    const damaged = JSON.parse(JSON.stringify(sampleRun())) as unknown
    const what = damage(damaged, random)
    const ours = mismatchOf(damaged, runSchema)
    expect(ours === undefined, `${what}: ${JSON.stringify(ours)}`).toBe(validate(damaged))
    if (ours !== undefined) refused++
  }
  expect(refused).toBeGreaterThan(500)
})

/** Replaces, removes or renames one value somewhere in the tree. */
function damage(tree: unknown, random: Random): string {
  const places: [holder: Record<string, unknown>, field: string][] = []
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    for (const field of Object.keys(node)) {
      places.push([node as Record<string, unknown>, field])
      visit((node as Record<string, unknown>)[field])
    }
  }
  visit(tree)
  const [holder, field] = random.pick(places)
  const wrong = [null, '', 'x', -1, 1.5, 3, true, [], {}, [null], { a: 'b' }, '../x']
  if (random.int(0, 3) === 0 && !Array.isArray(holder)) {
    delete holder[field]
    return `without ${field}`
  }
  holder[field] = random.pick(wrong)
  return `${field} = ${JSON.stringify(holder[field])}`
}
