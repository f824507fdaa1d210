import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { denials } from './denials.ts'
import { partOf, type Users } from './users.ts'

/** etcd denies ranges that begin where a user has permission and end beyond, whatever asks for them. */
export async function checkBeyond(context: TopicContext, users: Users): Promise<void> {
  const { check, collect, prefix } = context
  const part = partOf(prefix)
  const beyond = { key: part.key, end: etcd.prefixEnd(prefix) }
  const deny = denials(context, users)
  await deny(
    'delete-beyond-permission',
    'a delete of a range beyond the permitted one',
    ({ writer }) => etcd.deleteKeys(writer, beyond),
  )
  await deny(
    'delete-prevkv-needs-read-permission',
    'a delete with prevKv by a user with write permission',
    ({ writer }) => etcd.deleteKeys(writer, { key: `${prefix}part/a`, prevKv: true }),
  )
  await deny(
    'step-beyond-permission',
    'a transaction that deletes a range beyond the permitted one',
    ({ writer }) => etcd.txn(writer, { compare: [], success: [{ delete: beyond }] }),
  )
  await deny(
    'step-needs-read-permission',
    'a transaction that reads by a user who may write',
    ({ writer }) =>
      etcd.txn(writer, { compare: [], success: [{ range: { key: `${prefix}part/a` } }] }),
  )
  await check.holds(
    'watch-beyond-permission',
    'a watch of a range beyond the permitted one is cancelled',
    async () => {
      for (const { reader } of users.everywhere) {
        using collector = collect(etcd.watch(reader, beyond))
        await collector.until('its answer', ({ responses }) => responses.length > 0)
        const found = collector.responses.at(-1)
        if (!found?.cancelReason.includes('permission denied')) return { held: false, found }
      }
      return { held: true, found: undefined }
    },
  )
}
