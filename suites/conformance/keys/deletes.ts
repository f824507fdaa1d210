import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { readKey } from './read-key.ts'

/** Deletes of a key, of a range and of a prefix. */
export async function deletes({ check, client, prefix }: TopicContext): Promise<void> {
  const within = `${prefix}delete/`
  for (const name of ['a', 'b', 'c', 'd']) {
    await etcd.put(client(0), { key: `${within}${name}`, value: name })
  }
  const gone = async (request: Parameters<typeof etcd.deleteKeys>[1]) => {
    const { deleted, prevKvs } = await etcd.deleteKeys(client(1), request)
    return [deleted, prevKvs?.map(({ value }) => value)]
  }
  const from = (name: string) => ({ key: `${within}${name}`, prevKv: true })
  const rest = async () => (await readAll(client(2), within)).map(({ value }) => value)
  await check.equal(
    'delete-returns-deleted-key',
    'a delete takes one key and returns it',
    [1, ['b']],
    () => gone(from('b')),
  )
  await check.equal(
    'delete-of-missing-key-deletes-none',
    'a delete of a missing key deletes none',
    [0, []],
    () => gone(from('b')),
  )
  await check.equal(
    'range-delete-excludes-its-end',
    'a delete of a range takes its keys in order and excludes its end',
    [2, ['a', 'c']],
    () => gone({ ...from('a'), end: `${within}d` }),
  )
  await check.equal(
    'range-delete-keeps-others',
    'a delete of a range keeps keys outside it',
    ['d'],
    rest,
  )
  await check.equal(
    'delete-without-prevkv-returns-none',
    'a delete without prevKv returns no deleted keys',
    [1, undefined],
    () => gone({ key: within, end: etcd.prefixEnd(within) }),
  )
  await check.equal(
    'prefix-delete-leaves-none',
    'a delete of a prefix leaves no key of it',
    [],
    rest,
  )
  await check.holds(
    'recreated-key-starts-over',
    'a key created again starts at version 1',
    async () => {
      const key = `${within}a`
      const { revision } = await etcd.put(client(0), { key, value: 'again' })
      const [found] = await readKey(client(1), key)
      const held = found?.version === 1 && found.createRevision === revision
      return { held, found: { put: revision, read: found } }
    },
  )
  await check.equal(
    'delete-end-nul-is-unbounded',
    'a delete with an end of NUL takes every key from the first on',
    [2, ['a']],
    async () => {
      // Above every key of the workload and of other topics.
      const last = `\u{10ffff}${within}`
      for (const name of ['a', 'b', 'c']) {
        await etcd.put(client(0), { key: `${last}${name}`, value: name })
      }
      const { deleted } = await etcd.deleteKeys(client(1), { key: `${last}b`, end: '\0' })
      const left = (await readAll(client(2), last)).map(({ value }) => value)
      await etcd.deleteKeys(client(0), { key: last, end: etcd.prefixEnd(last) })
      return [deleted, left]
    },
  )
  await check.rejected(
    'delete-needs-key',
    'a delete without a key is rejected',
    'key is not provided',
    () => etcd.deleteKeys(client(0), { key: '' }),
  )
}

async function readAll(client: etcd.MemberClient, prefix: string) {
  return (await etcd.range(client, { key: prefix, end: etcd.prefixEnd(prefix) })).kvs
}
