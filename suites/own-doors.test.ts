import { expect, test } from 'vitest'
import { clusterSpec } from '../harness/index.ts'
import { scenarios } from './doors/scenarios.ts'

test('a scenario keeps a door of the user’s own, and applies to its own kind alone', () => {
  const own = { ...clusterSpec({ version: '3.7.1' }), door: 'gateway' } as const
  for (const { id, adjustSpec, notApplicable } of scenarios) {
    const spec = adjustSpec?.(own) ?? own
    expect(spec.door).toBe('gateway')
    expect(notApplicable?.(spec, {})).toBe(
      id.startsWith('doors/gateway-')
        ? undefined
        : 'clients of this cluster come through a gateway',
    )
  }
})
