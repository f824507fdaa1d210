import type { Member } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

export interface Revisions {
  readonly present: number
  readonly compacted: number
  /** What this fault last asked the member for; absent before it did. */
  readonly asked?: number
}

/** Other clients compact as well: the revision that was asked for tells this fault's compaction. */
const asked = new WeakMap<Member, number>()

/** Drops all revisions before the present one, through each target. */
export const compact = maintenanceFault({
  name: 'compact',
  description: 'compacts the history up to the present revision, physically',
  effect: 'changes',
  compacts: true,
  probe: compareReadings<Revisions>({
    expected: 'the revision that this fault asked for to be compacted',
    what: 'compacted revision',
    read: async (member) => ({ ...(await readRevisions(member)), ...askedOf(member) }),
    isObserved: isCompacted,
    format: ({ present, compacted, asked }) =>
      `${compacted} of ${present}, ${asked ?? 'none'} asked for`,
  }),
  act: async (member) => {
    const { revision } = await member.status()
    asked.set(member, revision)
    try {
      await runEtcdctl(member, ['compact', '--physical', String(revision)])
      return `compacted revision ${revision}`
    } catch (thrown) {
      // A client of the cluster may compact as well, and be faster.
      if ((await readRevisions(member)).compacted < revision) throw thrown
      return `revision ${revision} was compacted already`
    }
  },
})

/** Asked for since, not before what was present then, and compacted since. */
export function isCompacted(before: Revisions, now: Revisions): boolean {
  if (now.asked === undefined || now.asked === before.asked) return false
  return now.asked >= before.present && before.compacted < now.asked && now.compacted >= now.asked
}

function askedOf(member: Member): Pick<Revisions, 'asked'> {
  const revision = asked.get(member)
  return revision === undefined ? {} : { asked: revision }
}

/** `endpoint hashkv` is the request that answers with the compacted revision. */
async function readRevisions(member: Member): Promise<Revisions> {
  const printed = await runEtcdctl(member, ['endpoint', 'hashkv', '--write-out=json'])
  const [{ HashKV: answer }] = JSON.parse(printed) as [{ HashKV: HashAnswer }]
  return { present: answer.header.revision, compacted: Math.max(0, answer.compact_revision ?? 0) }
}

interface HashAnswer {
  readonly header: { readonly revision: number }
  readonly compact_revision?: number
}
