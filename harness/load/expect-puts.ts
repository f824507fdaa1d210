import { InputError } from '../core/errors.ts'
import type { Load } from './generator.ts'

/** Throws an InputError for an operation that only the lean generator has. */
export function expectPuts(generator: string, { operation }: Load): void {
  if (operation === 'put') return
  throw new InputError(
    `Expected the operation \`put\` with the generator ${generator}, got \`${operation}\``,
  )
}
