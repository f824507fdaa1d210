import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDeployment, type SourceFile } from './deployment/deployment.ts'

interface Variant {
  readonly title: string
  readonly files: readonly SourceFile[]
  readonly form: string
  readonly members: readonly {
    /** `file:line: name=value`, of each setting in force. */
    readonly settings: readonly string[]
    readonly notUnderstood?: readonly string[]
    readonly setTwice?: readonly string[]
    readonly image?: string
    readonly count?: number
    readonly hasTls?: true
  }[]
}

const path = join(import.meta.dirname, '../../fixtures/deployments/variants.json')
const variants: readonly Variant[] = JSON.parse(readFileSync(path, 'utf8'))

test.each(variants)('$title', ({ files, form, members }) => {
  const read = readDeployment(files)
  expect(read.forms.join(', ')).toBe(form)
  expect(
    read.members.map(({ settings, notUnderstood, setTwice, image, count, hasTls }) => ({
      settings: settings.map((one) => `${one.file}:${one.line}: ${one.name}=${one.value}`),
      ...(notUnderstood.length > 0 && {
        notUnderstood: notUnderstood.map((one) => `${one.file}:${one.line}: ${one.setting}`),
      }),
      ...(setTwice.length > 0 && { setTwice: setTwice.map(({ setting }) => setting) }),
      ...(image !== undefined && { image: image.reference }),
      ...(count !== undefined && { count }),
      ...(hasTls && { hasTls: true }),
    })),
  ).toEqual(members)
})
