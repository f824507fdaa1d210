import { etcd } from '../../../harness/index.ts'
import { answerWithin } from '../answer-within.ts'
import { catchUp, type TopicContext } from '../topic.ts'
import { admittedMs, timeoutMs } from './timing.ts'

const contenders = 3
const turns = 8

interface Held {
  readonly by: string
  readonly fromMs: number
  readonly untilMs: number
}

/**
 * Each contender holds the lock from the answer to its lock request until it sends the unlock. No
 * two of these intervals, by one clock, may overlap. During each, the contender sends a request to
 * another member, so that an overlap has time to show.
 */
export async function contention({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}contended`
  const held: Held[] = []
  const contend = async (index: number) => {
    const through = client(index)
    const { id: lease } = await etcd.leaseGrant(through, { ttlS: 600 })
    for (let turn = 1; turn <= turns; turn++) {
      const granted = etcd.lock(through, { name, lease }, { timeoutMs })
      const key = await answerWithin(admittedMs, 'a contended lock to be granted', granted)
      const fromMs = performance.now()
      await catchUp(client(index + 1))
      held.push({ by: `${through.member}’s turn ${turn}`, fromMs, untilMs: performance.now() })
      await etcd.unlock(through, key)
    }
    await etcd.leaseRevoke(through, lease)
  }
  await check.equal(
    'lock-never-held-twice',
    'no two of three contenders hold a lock at once',
    [],
    async () => {
      await Promise.all(Array.from({ length: contenders }, (_, index) => contend(index)))
      return overlapsOf(held)
    },
  )
}

function overlapsOf(held: readonly Held[]): string[] {
  const inOrder = held.toSorted((one, other) => one.fromMs - other.fromMs)
  return inOrder.flatMap((each, index) => {
    const next = inOrder[index + 1]
    if (next === undefined || next.fromMs >= each.untilMs) return []
    const overlapMs = Math.min(each.untilMs, next.untilMs) - next.fromMs
    return [`${each.by} and ${next.by} for ${overlapMs.toFixed(1)} ms`]
  })
}
