import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedDocs } from './generated.ts'

// `npm run docs` writes every generated part of the docs from the code that it describes.
for (const [name, render] of Object.entries(generatedDocs)) {
  const file = join(import.meta.dirname, name)
  const before = readFileSync(file, { encoding: 'utf8', flag: 'a+' })
  const after = render(before)
  if (after === before) continue
  writeFileSync(file, after)
  console.log(`wrote docs/${name}`)
}
