import { expect, test } from 'vitest'
import type { Cluster, Member } from '../../cluster/types.ts'
import type { Proof } from '../../core/effect.ts'
import type { Fault } from '../../faults/fault.ts'
import type { InjectedFault } from '../scenario.ts'
import { injectFault, openWindow } from './inject-fault.ts'

const signal = new AbortController().signal

/** A fault that brings its state into the world, and a probe that looks there. */
function faultOn(world: { harmed: boolean; looks: number; showsAtLook?: number }): Fault {
  return {
    name: 'tried',
    description: 'is tried',
    effect: 'stalls',
    needs: {},
    isGradual: world.showsAtLook !== undefined,
    probe: async () => async (): Promise<Proof> => {
      world.looks++
      const observed = world.harmed && world.looks >= (world.showsAtLook ?? 1)
      const measured = [{ at: 'm1', what: 'harm', before: false, now: observed }]
      return { observed, expected: 'harm', measured }
    },
    inject: async () => {
      world.harmed = true
      return async () => {
        world.harmed = false
      }
    },
  }
}

function scene() {
  const notes: Record<string, unknown>[] = []
  const failures: { outcome: string; reason: string }[] = []
  const recorder = { fault: (note: Record<string, unknown>) => notes.push(note) }
  const evidence = { recorder, failures } as never
  const plan = { timeScale: 0.05 } as never
  const kept: InjectedFault[] = []
  const keep = (injected: InjectedFault) => {
    kept.push(injected)
    return injected
  }
  const scenario = { faults: [{ name: 'tried', effect: 'stops', needs: {} } as const] }
  const parts = { cluster: {} as Cluster, scenario, evidence, plan, signal, keep, mark: () => {} }
  return { notes, failures, kept, parts }
}

const targets = [{ name: 'm1', isRunning: async () => true } as unknown as Member]
const inert = (fault: Fault): Fault => ({ ...fault, inject: async () => async () => {} })

test('a fault is noted with its effect, and at its end with its proof', async () => {
  const { notes, failures, parts } = scene()
  const world = { harmed: false, looks: 0 }
  const injected = await injectFault(parts, faultOn(world), targets)
  expect(world).toMatchObject({ harmed: true, looks: 1 })
  await Promise.all([injected.undo(), injected.undo()])
  expect(world).toMatchObject({ harmed: false, looks: 1 })
  expect(notes).toMatchObject([
    { name: 'tried', phase: 'begin', effect: 'stalls', targets: ['m1'] },
    { name: 'tried', phase: 'end', effect: 'stalls', proof: { observed: true } },
  ])
  expect(notes[0]).not.toHaveProperty('proof')
  expect(failures).toEqual([])
})

test('a fault without effect makes the scenario inconclusive, with what was observed', async () => {
  const { notes, failures, parts } = scene()
  const injected = await injectFault(parts, inert(faultOn({ harmed: false, looks: 0 })), targets)
  await injected.undo()
  expect(failures).toEqual([
    {
      outcome: 'inconclusive',
      reason:
        'the fault tried had no effect on m1: expected harm, observed harm of m1: false before and false now',
    },
  ])
  expect(notes[1]).toMatchObject({ proof: { observed: false } })
})

test('a gradual effect is awaited while the fault is in force, any other is looked for once', async () => {
  const gradual = scene()
  const world = { harmed: false, looks: 0, showsAtLook: 3 }
  await (await injectFault(gradual.parts, faultOn(world), targets)).undo()
  expect(gradual.failures).toEqual([])
  expect(gradual.notes[1]).toMatchObject({ proof: { observed: true } })

  const once = scene()
  const late = { ...faultOn({ harmed: false, looks: 0, showsAtLook: 3 }), isGradual: false }
  await (await injectFault(once.parts, late, targets)).undo()
  expect(once.failures).toHaveLength(1)
})

test('a gradual fault without effect is given up, and a probe that throws proves nothing', async () => {
  const { failures, parts } = scene()
  const never = faultOn({ harmed: false, looks: 0, showsAtLook: Infinity })
  await (await injectFault(parts, never, targets)).undo()
  const broken: Fault = {
    ...never,
    probe: async () => async () => {
      throw new Error('no answer')
    },
  }
  await (await injectFault(parts, broken, targets)).undo()
  expect(failures.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('no effect on m1'),
    expect.stringContaining('observed probe of cluster: no answer now'),
  ])
})

test('an inject that throws ends the window without a proof', async () => {
  const { notes, failures, parts } = scene()
  const failing: Fault = {
    ...faultOn({ harmed: false, looks: 0 }),
    inject: async () => {
      throw new Error('no sidecar')
    },
  }
  await expect(injectFault(parts, failing, targets)).rejects.toThrow('no sidecar')
  expect(notes.map(({ phase, proof }) => [phase, proof])).toEqual([
    ['begin', undefined],
    ['end', undefined],
  ])
  expect(failures).toEqual([])
})

test('a fault in force can be undone although its targets do not say whether they run', async () => {
  const { notes, kept, parts } = scene()
  const world = { harmed: false, looks: 0 }
  const isRunning = () => Promise.reject(new Error('engine busy'))
  const silent = [{ name: 'm1', isRunning } as unknown as Member]
  await expect(injectFault(parts, faultOn(world), silent)).rejects.toThrow('engine busy')
  expect(world.harmed).toBe(true)
  for (const { undo } of kept) await undo()
  expect(world.harmed).toBe(false)
  expect(notes[1]).toMatchObject({ phase: 'end', proof: { observed: true } })
})

test('what a scenario does without a fault is a window with an effect and no proof', async () => {
  const { notes, failures, parts } = scene()
  const window = openWindow(parts, { name: 'clients-stopped', effect: 'changes' }, targets)
  await window.undo()
  expect(notes).toEqual([
    { name: 'clients-stopped', effect: 'changes', phase: 'begin', targets: ['m1'] },
    { name: 'clients-stopped', effect: 'changes', phase: 'end', targets: ['m1'] },
  ])
  expect(failures).toEqual([])
})

test('the proof is over before the undo begins, for a clock that starts with it', async () => {
  const { notes, parts } = scene()
  const world = { harmed: false, looks: 0, showsAtLook: 3 }
  const injected = await injectFault(parts, faultOn(world), targets)
  await injected.proved()
  expect(world).toMatchObject({ harmed: true, looks: 3 })
  expect(notes).toHaveLength(1)
  await injected.undo()
  expect(world).toMatchObject({ harmed: false, looks: 3 })
})

test('an undo that fails may be tried again, with one proof and one end', async () => {
  const { notes, failures, parts } = scene()
  let calls = 0
  const failing: Fault = {
    ...faultOn({ harmed: false, looks: 0 }),
    inject: async () => async () => {
      if (++calls === 1) throw new Error('not yet')
    },
  }
  const injected = await injectFault(parts, failing, targets)
  await expect(injected.undo()).rejects.toThrow('not yet')
  expect(notes.map(({ phase }) => phase)).toEqual(['begin'])
  await injected.undo()
  await injected.undo()
  expect([calls, failures.length]).toEqual([2, 1])
  expect(notes.map(({ phase }) => phase)).toEqual(['begin', 'end'])
})

test('a fault that the scenario does not declare is not injected', async () => {
  const { notes, parts } = scene()
  const world = { harmed: false, looks: 0 }
  const injecting = injectFault(parts, { ...faultOn(world), name: 'other' }, targets)
  await expect(injecting).rejects.toThrow(
    "Expected the scenario's `faults` to declare other, got tried",
  )
  expect([notes.length, world.harmed]).toEqual([0, false])
})
