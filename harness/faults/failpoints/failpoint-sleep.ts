import type { Member } from '../../cluster/types.ts'
import { countPasses, readFailpoints, setFailpoint } from '../../core/etcd/failpoints.ts'
import { compareReadings } from '../compare-readings.ts'
import {
  defineFault,
  idempotentUndo,
  injectOrUndo,
  isStillRunning,
  startIfDown,
} from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { type FailpointChoice, listPassed, noteChoice } from './choose-failpoint.ts'
import { failpointEndpoint, noneReached } from './failpoint-endpoint.ts'

const name = 'failpoint-sleep'

/** The failpoints at which a member sleeps, and how often it did. */
type Sleeps = ReadonlyMap<string, number>

/**
 * The process sleeps so long whenever it passes a failpoint: one part of it falls behind the others,
 * which no fault from outside does. Undo lets it pass again.
 */
export function failpointSleep(choice: FailpointChoice, sleepMs: number): Fault {
  const terms = `sleep(${sleepMs})`
  return defineFault({
    name,
    description: `makes the process sleep ${sleepMs} ms at a failpoint whenever it passes`,
    effect: 'stalls',
    isGradual: true,
    needs: { targets: 'one', failpoints: true },
    probe: compareReadings<Sleeps>({
      expected: `the process to have slept at a failpoint with ${terms}`,
      what: 'failpoint',
      read: (member) => readSleeps(member, terms),
      isObserved: (before, now) => [...now].some(([at, slept]) => slept > (before.get(at) ?? 0)),
      format: (sleeps) =>
        [...sleeps].map(([at, slept]) => `slept ${slept} times at ${at}`).join(', ') || 'awake',
    }),
    inject: async (cluster, targets) => {
      const [member] = targets
      if (member === undefined) return idempotentUndo(async () => {})
      const endpoint = failpointEndpoint(member)
      const [failpoint] = await listPassed(endpoint, choice, name)
      if (failpoint === undefined) throw noneReached(member, 'sleep')
      noteChoice(choice, name, failpoint)
      const heal = async () => {
        await startIfDown(cluster, member)
        if (await isStillRunning(cluster, member)) await setFailpoint(endpoint, failpoint, 'off')
      }
      return injectOrUndo(
        () => setFailpoint(endpoint, failpoint, terms),
        idempotentUndo(heal, failpoint),
      )
    },
  })
}

async function readSleeps(member: Member, terms: string): Promise<Sleeps> {
  const endpoint = failpointEndpoint(member)
  const sleeping = [...(await readFailpoints(endpoint))].filter(([, set]) => set === terms)
  const counted = sleeping.map(async ([at]) => [at, await countPasses(endpoint, at)] as const)
  return new Map(await Promise.all(counted))
}
