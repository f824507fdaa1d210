import { etcd, type Scenario } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { conformance, type TopicContext } from '../topic.ts'

const dataMayDiffer = 'the scenario looks for members that disagree, and abandons the cluster'

/** A scenario of its own: where it does not hold, the members' data differ from then on. */
export const txnRejection: Scenario = conformance({
  name: 'refused-everywhere',
  title: 'Every member rejects a transaction that one member rejects for a revision in it',
  minMembers: 2,
  behindDoors: checksAskMembers,
  ends: 'elsewhere',
  skippedCheckers: {
    durability: dataMayDiffer,
    convergence: dataMayDiffer,
    'write-ahead-log': dataMayDiffer,
  },
  knownIssue: {
    issue: 'etcd-io/etcd#18667',
    summary:
      'only the requested member checks the revision of a range in a transaction, the others write',
    versions: { fixedIn: ['3.7.0'] },
    symptom: { expectations: ['rejected-txn-writes-nowhere'] },
  },
  parts: [rejectedByAll],
})

async function rejectedByAll({ drill, check, client, prefix }: TopicContext): Promise<void> {
  await drill.stopWorkload()
  const key = `${prefix}key`
  const steps = [{ put: { key, value: 'v' } }, { range: { key, atRevision: 1_000_000_000 } }]
  await check.rejected(
    'future-range-rejected',
    'a transaction with a range of a future revision is rejected',
    'future revision',
    () => etcd.txn(client(2), { compare: [], success: steps }),
  )
  await etcd.put(client(2), { key: `${prefix}after`, value: 'v' })
  const members = drill.cluster.members.length
  const none = Array.from({ length: members }, () => 0)
  await check.equal(
    'rejected-txn-writes-nowhere',
    'no member has what the rejected transaction would have written',
    none,
    async () => {
      const counts: number[] = []
      for (let index = 0; index < members; index++) {
        // Reads the member's own state once it has caught up.
        await etcd.range(client(index), { key })
        counts.push((await etcd.range(client(index), { key, serializable: true })).count)
      }
      return counts
    },
  )
}
