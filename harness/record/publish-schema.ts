import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSchema } from './run-schema.ts'

// `node harness/record/publish-schema.ts` writes what the record promises to docs/run.schema.json.
const file = join(import.meta.dirname, '../../docs/run.schema.json')
writeFileSync(file, `${JSON.stringify(runSchema, null, 2)}\n`)
