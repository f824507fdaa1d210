import type { Member } from '../../cluster/types.ts'
import { DeadlineError } from '../../core/errors.ts'
import { setFailpoint } from '../../core/etcd/failpoints.ts'
import { failpointPanicOf } from '../../core/etcd/log-line.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { compareReadings } from '../compare-readings.ts'
import { defineFault, idempotentUndo, injectOrUndo, startIfDown } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { type FailpointChoice, listPassed, noteChoice } from './choose-failpoint.ts'
import { failpointEndpoint, noneReached } from './failpoint-endpoint.ts'

const name = 'failpoint-panic'

interface PanicReading {
  readonly running: boolean
  /** The failpoints at which it panicked, in order. */
  readonly panics: readonly string[]
}

/**
 * The process panics at a failpoint that it passes: between two steps that a kill from outside seldom
 * falls between. In force once it has exited. Undo starts it again on its own data.
 */
export function failpointPanic(choice: FailpointChoice): Fault {
  return defineFault({
    name,
    description: 'makes the process panic at a failpoint that it passes; undo starts it again',
    effect: 'stops',
    needs: { targets: 'one', failpoints: true },
    probe: compareReadings<PanicReading>({
      expected: 'the process to be gone, and its log to end with the panic of a failpoint',
      what: 'failpoint',
      read: async (member) => ({
        running: (await member.process()).running,
        panics: panicsIn(await member.logs()),
      }),
      isObserved: (before, now) =>
        before.running && !now.running && now.panics.length > before.panics.length,
      format: ({ running, panics }, before) =>
        before === undefined
          ? `running, ${panics.length} panics so far`
          : `${running ? 'running' : 'gone'}, panicked at ${panics.slice(before.panics.length).join(', ') || 'none'}`,
    }),
    inject: async (cluster, targets) => {
      const heal = async () => {
        for (const member of targets) await startIfDown(cluster, member)
      }
      const [member] = targets
      if (member === undefined) return idempotentUndo(heal)
      const at = { name: '' }
      const undo = await injectOrUndo(async () => {
        at.name = await panicSomewhere(member, choice)
      }, idempotentUndo(heal))
      return idempotentUndo(undo, at.name)
    },
  })
}

/** The failpoints of the panics in a log, by the last words of each process. */
export function panicsIn(log: string): string[] {
  const last = log.split('\n').filter((line) => line.includes('panic: failpoint panic: '))
  return last.flatMap((line) => failpointPanicOf(line) ?? [])
}

/** At most so many are tried: a panic within a handler of HTTP ends that request alone. */
const mostTries = 5
const exitMs = 3_000

async function panicSomewhere(member: Member, choice: FailpointChoice): Promise<string> {
  const endpoint = failpointEndpoint(member)
  const passed = await listPassed(endpoint, choice, name)
  for (const failpoint of passed.slice(0, mostTries)) {
    noteChoice(choice, name, failpoint)
    await setFailpoint(endpoint, failpoint, `panic(${JSON.stringify(failpoint)})`)
    if (await exits(member)) return failpoint
    await setFailpoint(endpoint, failpoint, 'off')
  }
  throw noneReached(member, 'panic')
}

async function exits(member: Member): Promise<boolean> {
  try {
    await poll(async () => ((await member.isRunning()) ? notYet('it runs') : done(undefined)), {
      what: `${member.name} to panic`,
      deadlineMs: exitMs,
      intervalMs: 50,
    })
    return true
  } catch (thrown) {
    if (thrown instanceof DeadlineError) return false
    throw thrown
  }
}
