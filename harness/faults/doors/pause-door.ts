import { forAll, idempotentUndo, injectOrUndo } from '../define-fault.ts'
import { probeFreeze } from '../process/pause.ts'
import { doorFault } from './door-fault.ts'

/** Freezes a gateway or proxy, with every connection through it. Undo thaws it. */
export const pauseDoor = doorFault({
  name: 'pause-door',
  description: 'freezes a gateway or proxy, its sockets open and silent; undo thaws it',
  effect: 'stalls',
  needs: { capabilities: ['pause'] },
  probe: probeFreeze,
  inject: (_, doors) =>
    injectOrUndo(
      () => forAll(doors, (door) => door.pause()),
      idempotentUndo(async () => {
        await forAll(doors, (door) => door.resume())
      }),
    ),
})
