import { done, etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { denials } from './denials.ts'
import { partOf, singleOf, type Users } from './users.ts'

/** Every user does what its roles allow. */
export async function checkAllowed(
  { check, prefix }: TopicContext,
  { root, reader, writer, everywhere }: Users,
): Promise<void> {
  const part = partOf(prefix)
  // A member may learn of a token that another issued a moment later.
  await check.becomes(
    'token-valid-at-every-member',
    'a token from one member is valid at every other',
    async () => {
      return done(await Promise.all(everywhere.map((as) => etcd.range(as.reader, part))))
    },
  )
  await check.equal(
    'reader-may-read-single-key',
    'a user with permission for one key reads it',
    'kept',
    async () => (await etcd.range(reader, singleOf(prefix))).kvs[0]?.value,
  )
  const put = { key: `${prefix}part/b`, value: 'v' }
  await check.becomes(
    'writer-may-put',
    'a user with write permission puts a key through every member',
    async () => done(await Promise.all(everywhere.map((as) => etcd.put(as.writer, put)))),
  )
  await check.equal(
    'writer-may-delete',
    'a user with write permission deletes a key',
    1,
    async () => {
      return (await etcd.deleteKeys(writer, { key: `${prefix}part/b` })).deleted
    },
  )
  await check.becomes('root-may-do-everything', 'user root reads any key', async () => {
    return done((await etcd.range(root, { key: `${prefix}beside` })).count)
  })
}

/** etcd denies every user what its roles do not allow. */
export async function checkDenied(context: TopicContext, users: Users): Promise<void> {
  const { check, collect, has, prefix } = context
  const { reader } = users
  const part = partOf(prefix)
  const key = `${prefix}part/a`
  const beside = `${prefix}beside`
  const deny = denials(context, users)
  await deny(
    'read-beside-permission',
    'a read of a key outside the permitted range',
    ({ reader }) => etcd.range(reader, { key: beside }),
  )
  await deny(
    'serializable-read-beside-permission',
    'a serializable read of a key outside the permitted range',
    ({ reader }) => etcd.range(reader, { key: beside, serializable: true }),
  )
  if (has('range-stream')) {
    await deny(
      'streamed-range-beyond-permission',
      'a range in pieces beyond the permitted one',
      ({ reader }) => etcd.rangeStream(reader, { ...part, end: '\0' }),
    )
  }
  await deny(
    'range-beyond-permission',
    'a read of a range beyond the permitted one',
    ({ reader }) => etcd.range(reader, { ...part, end: '\0' }),
  )
  await deny(
    'permission-excludes-its-end',
    'a read of the key at the end of the range',
    ({ reader }) => etcd.range(reader, { key: part.end }),
  )
  await deny(
    'key-permission-is-no-prefix',
    'a read of a key that begins as the permitted one',
    ({ reader }) => etcd.range(reader, { key: `${singleOf(prefix).key}/a` }),
  )
  await deny('put-needs-write-permission', 'a put by a user with read permission', ({ reader }) =>
    etcd.put(reader, { key, value: 'v' }),
  )
  await deny(
    'delete-needs-write-permission',
    'a delete by a user with read permission',
    ({ reader }) => etcd.deleteKeys(reader, { key }),
  )
  await deny('read-needs-read-permission', 'a read by a user with write permission', ({ writer }) =>
    etcd.range(writer, { key }),
  )
  await deny(
    'prevkv-needs-read-permission',
    'a put with prevKv by a user with write permission',
    ({ writer }) => etcd.put(writer, { key, value: 'v', prevKv: true }),
  )
  await deny(
    'compare-needs-read-permission',
    'a compare by a user with write permission',
    ({ writer }) =>
      etcd.txn(writer, { compare: [{ key, target: 'version', is: '=', to: 1 }], success: [] }),
  )
  await deny(
    'idle-branch-needs-permission',
    'a transaction with a step that needs permission in its other branch',
    ({ writer }) => {
      const failure = [{ put: { key: beside, value: 'v' } }]
      return etcd.txn(writer, { compare: [], success: [], failure })
    },
  )
  await check.holds(
    'watch-needs-read-permission',
    'a watch of a key that the user may not read is cancelled',
    async () => {
      using collector = collect(etcd.watch(reader, { key: beside }))
      await collector.until('its cancellation', () => collector.responses.at(-1)?.canceled === true)
      const found = collector.responses.at(-1)?.cancelReason
      return { held: found?.includes('permission denied') === true, found }
    },
  )
  await check.holds(
    'permitted-watch-stays-open',
    'a watch of keys that the user may read stays open',
    async () => {
      using collector = collect(etcd.watch(reader, part))
      await collector.created()
      const found = collector.responses.at(-1)
      return { held: found?.canceled === false, found }
    },
  )
}
