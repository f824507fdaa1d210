import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSchema } from './run-schema.ts'
import { throughputSchema } from './throughput-record.ts'

// `node harness/run-record/publish-schema.ts` writes what the records promise to docs/*.schema.json.
const published = { run: runSchema, throughput: throughputSchema }
for (const [name, schema] of Object.entries(published)) {
  const file = join(import.meta.dirname, `../../docs/${name}.schema.json`)
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`)
}
