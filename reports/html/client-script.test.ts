import { Script } from 'node:vm'
import { expect, test } from 'vitest'
import { clientScript } from './client-script.ts'

test('the client script is plain JavaScript without imports, exports or types', () => {
  const script = clientScript()
  expect(() => new Script(script)).not.toThrow()
  expect(script).not.toMatch(/^\s*(import|export)\b/m)
  for (const name of ['decodePoints', 'drawDots', 'startFilters', 'startRoutes']) {
    expect(script).toContain(`function ${name}(`)
  }
})

test('joining the client script emits no warning', async () => {
  const warnings: Error[] = []
  const keep = (warning: Error) => warnings.push(warning)
  process.on('warning', keep)
  clientScript()
  await new Promise(setImmediate)
  process.off('warning', keep)
  expect(warnings).toEqual([])
})
