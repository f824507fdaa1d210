import { expect, test } from 'vitest'
import type { Cluster } from '../../cluster/types.ts'
import type { Proof } from '../../core/effect.ts'
import { DeadlineError, exitCodes, GuaranteeBrokenError } from '../../core/errors.ts'
import { silentLog } from '../../core/log.ts'
import type { Fault } from '../../faults/fault.ts'
import { holdFault } from './hold-fault.ts'

const seen: Proof = { observed: true, expected: 'the process to be gone', measured: [] }
const well = { untilHealthy: async () => {} } as unknown as Cluster
const never = new AbortController().signal

/** A fault that notes what is done with it. */
function noted(over: Partial<Fault> = {}) {
  const steps: string[] = []
  const fault: Fault = {
    name: 'noted',
    description: 'is noted',
    effect: 'stops',
    needs: {},
    probe: async () => {
      steps.push('probe')
      return async () => {
        steps.push('measure')
        return seen
      }
    },
    inject: async () => {
      steps.push('inject')
      return async () => {
        steps.push('undo')
      }
    },
    ...over,
  }
  return { fault, steps }
}

const hold = (fault: Fault, { cluster = well, forMs = 5, signal = never } = {}) =>
  holdFault(cluster, { fault, targets: ['m1'], forMs, signal, log: silentLog })

test('a fault is measured while it is in force, and undone when the time is over', async () => {
  const { fault, steps } = noted()
  const held = await hold(fault)
  expect(steps).toEqual(['probe', 'inject', 'measure', 'undo'])
  expect(held).toMatchObject({ fault: 'noted', effect: 'stops', targets: ['m1'], proof: seen })
  expect(held.inForceMs).toBeGreaterThanOrEqual(4)
})

test('an interrupt undoes it long before that', async () => {
  const { fault, steps } = noted()
  const interrupt = new AbortController()
  const holding = hold(fault, { forMs: 2 ** 31 - 1, signal: interrupt.signal })
  await expect.poll(() => steps).toContain('measure')
  expect(steps).not.toContain('undo')
  interrupt.abort()
  await holding
  expect(steps.at(-1)).toBe('undo')
})

test('a measurement that fails is no effect, and the fault is undone all the same', async () => {
  const { fault, steps } = noted({
    probe: async () => () => Promise.reject(new Error('no answer')),
  })
  const { proof } = await hold(fault)
  expect(proof.observed).toBe(false)
  expect(steps).toEqual(['inject', 'undo'])
})

test('a cluster that is not well again in time is a broken guarantee', async () => {
  const { fault, steps } = noted()
  const cluster = {
    untilHealthy: () => Promise.reject(new DeadlineError('Waited 60000 ms for m1 to be healthy')),
  } as unknown as Cluster
  const holding = hold(fault, { cluster })
  await expect(holding).rejects.toThrow(GuaranteeBrokenError)
  await expect(holding).rejects.toMatchObject({ exitCode: exitCodes.broken })
  expect(steps).toContain('undo')
})
