import type { Member } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

interface Revisions {
  readonly present: number
  readonly compacted: number
}

/** Drops all revisions before the present one, through each target. */
export const compact = maintenanceFault({
  name: 'compact',
  description: 'compacts the history up to the present revision, physically',
  effect: 'changes',
  probe: compareReadings<Revisions>({
    expected: 'the revision that was present before to be compacted',
    what: 'compacted revision',
    read: readRevisions,
    isObserved: (before, now) =>
      now.compacted > before.compacted && now.compacted >= before.present,
    format: ({ present, compacted }) => `${compacted} of ${present}`,
  }),
  act: async (member) => {
    const { revision } = await member.status()
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
