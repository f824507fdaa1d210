import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { readDeployment } from './deployment/deployment.ts'
import { formNamed } from './file-forms.ts'

interface Malformed {
  readonly file: string
  readonly text: string
  readonly form?: string
  /** The whole message. */
  readonly message: string
}

const path = join(import.meta.dirname, '../../fixtures/deployments/malformed.json')
const inputs: readonly Malformed[] = JSON.parse(readFileSync(path, 'utf8'))

test('there are fifty malformed inputs and more', () => {
  expect(inputs.length).toBeGreaterThanOrEqual(50)
})

test.each(inputs)('$message', ({ file, text, form, message }) => {
  const read = () => readDeployment([{ path: file, text }], form ? formNamed(form) : undefined)
  expect(read).toThrow(InputError)
  expect(read).toThrow(expect.objectContaining({ message }))
})
