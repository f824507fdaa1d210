import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, 'protos')

test('every definition but our own is as its package has it', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.proto') && !file.startsWith('later/'))
    .sort()
  const sums = files.map((file) => {
    const sum = createHash('sha256').update(readFileSync(join(folder, file)))
    return `${sum.digest('hex')}  ${file}\n`
  })
  expect(sums.length).toBeGreaterThan(0)
  expect(sums.sort().join('')).toBe(
    readFileSync(join(folder, 'SHA256SUMS'), 'utf8')
      .split(/(?<=\n)/)
      .sort()
      .join(''),
  )
})
