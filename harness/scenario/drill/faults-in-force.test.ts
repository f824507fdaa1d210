import { expect, test } from 'vitest'
import { notYet, poll } from '../../core/poll.ts'
import { trackFaults } from './faults-in-force.ts'

const proved = async () => {}
const never = () =>
  poll(() => notYet('no leader'), { what: 'm1 to join', deadlineMs: 5, intervalMs: 1 })
const endless = { proved, undo: never }
const harmless = { proved, undo: async () => {} }
const broken = { code: 'BROKEN', fields: { expectation: 'recovers-from-fault' } }

test('a cluster that does not recover from its only fault breaks a promise', async () => {
  const { undo } = trackFaults().keep(endless)
  await expect(undo()).rejects.toMatchObject(broken)
})

test('a window is no other fault', async () => {
  const inForce = trackFaults()
  inForce.keepWindow(harmless)
  await expect(inForce.keep(endless).undo()).rejects.toMatchObject(broken)
})

test('beside another fault in force, a recovery that does not come proves nothing', async () => {
  const inForce = trackFaults()
  const other = inForce.keep(harmless)
  const { undo } = inForce.keep(endless)
  await expect(undo()).rejects.toMatchObject({ code: 'DEADLINE' })
  await other.undo()
  await expect(undo()).rejects.toMatchObject(broken)
})

test('a change that etcd is asked for and does not complete breaks a promise', async () => {
  const injecting = trackFaults().inject({ name: 'grow', effect: 'changes' }, never)
  await expect(injecting).rejects.toMatchObject({
    code: 'BROKEN',
    fields: { expectation: 'change-completes' },
    message:
      'expected etcd to complete grow, observed no leader after 5 ms of waiting for m1 to join',
  })
})

test('a harm from outside that cannot be done proves nothing', async () => {
  const injecting = trackFaults().inject({ name: 'full-volume', effect: 'degrades' }, never)
  await expect(injecting).rejects.toMatchObject({ code: 'DEADLINE' })
})

test('every fault is undone though one of them fails, the latest first', async () => {
  const inForce = trackFaults()
  const undone: string[] = []
  const noting = (name: string) => ({ proved, undo: async () => void undone.push(name) })
  inForce.keep(noting('first'))
  inForce.keep(endless)
  inForce.keep(noting('last'))
  await expect(inForce.undoAll()).rejects.toMatchObject({ code: 'DEADLINE' })
  expect(undone).toEqual(['last', 'first'])
})
