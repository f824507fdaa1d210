import { forAll, idempotentUndo, injectOrUndo } from '../define-fault.ts'
import { probeExit } from '../process/probe-process.ts'
import { doorFault } from './door-fault.ts'

/** SIGKILL of a gateway or proxy: all connections through it are gone. Undo starts it again. */
export const killDoor = doorFault({
  name: 'kill-door',
  description: 'ends a gateway or proxy with SIGKILL; undo starts it again',
  effect: 'stops',
  probe: probeExit,
  inject: (_, doors) =>
    injectOrUndo(
      () => forAll(doors, (door) => door.kill()),
      idempotentUndo(async () => {
        await forAll(doors, (door) => door.start())
      }),
    ),
})
