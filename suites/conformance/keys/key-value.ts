import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { conformance, repeat } from '../topic.ts'
import { deletes } from './deletes.ts'
import { previousValues, rangeDeletes } from './previous-values.ts'
import { readKey } from './read-key.ts'

export const keyValue = conformance({
  name: 'key-value',
  title: 'Puts and deletes change exactly the keys that they name and return what was there before',
  depth: 'ci',
  parts: [
    repeat(puts),
    repeat(ignoreOptions),
    repeat(rejections),
    repeat(deletes),
    previousValues,
    rangeDeletes,
  ],
})

async function puts({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}put`
  const { revision: created } = await etcd.put(client(0), { key, value: 'one' })
  const first = kv(key, 'one', { createRevision: created, modRevision: created })
  await check.equal(
    'put-read-through-another-member',
    'a put is read through another member as it was written',
    [first],
    () => readKey(client(1), key),
  )
  let changed = 0
  await check.equal(
    'put-returns-previous-key',
    'a put with prevKv returns the whole previous key',
    first,
    async () => {
      const { revision, prevKv } = await etcd.put(client(1), { key, value: 'two', prevKv: true })
      changed = revision
      return prevKv
    },
  )
  const second = { ...first, value: 'two', modRevision: changed, version: 2 }
  await check.equal(
    'overwrite-keeps-creation',
    'an overwrite raises the version and keeps the create revision',
    [second],
    () => readKey(client(2), key),
  )
  await check.equal(
    'put-without-prevkv-returns-none',
    'a put without prevKv returns no previous key',
    undefined,
    async () => {
      const { prevKv } = await etcd.put(client(2), { key, value: '' })
      return prevKv
    },
  )
  await check.equal(
    'empty-value-is-kept',
    'an empty value is kept as a value',
    ['', 3],
    async () => {
      const [found] = await readKey(client(0), key)
      return [found?.value, found?.version]
    },
  )
  await check.equal(
    'first-put-has-no-previous',
    'a put of a missing key returns no previous key',
    undefined,
    async () => {
      const request = { key: `${prefix}missing`, value: 'v', prevKv: true }
      return (await etcd.put(client(0), request)).prevKv
    },
  )
}

async function ignoreOptions({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}ignored`
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  await etcd.put(client(0), { key, value: 'kept' })
  await check.equal(
    'ignore-value-changes-lease-only',
    'a put with ignoreValue changes the lease alone',
    ['kept', lease, 2],
    async () => {
      await etcd.put(client(1), { key, value: '', ignoreValue: true, lease })
      return stateOf(await readKey(client(0), key))
    },
  )
  await check.equal(
    'ignore-lease-changes-value-only',
    'a put with ignoreLease changes the value alone',
    ['new', lease, 3],
    async () => {
      await etcd.put(client(2), { key, value: 'new', ignoreLease: true })
      return stateOf(await readKey(client(0), key))
    },
  )
  await check.equal(
    'put-without-lease-detaches',
    'a put without a lease detaches the key from its lease',
    ['new', '0', 4],
    async () => {
      await etcd.put(client(0), { key, value: 'new' })
      return stateOf(await readKey(client(1), key))
    },
  )
  await etcd.leaseRevoke(client(0), lease)
}

const stateOf = ([found]: readonly etcd.KeyValue[]) => [found?.value, found?.lease, found?.version]

async function rejections({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}rejected`
  const expectRejected = (what: string, words: string, request: etcd.PutRequest) =>
    check.rejected('invalid-put-rejected', `a put ${what} is rejected`, words, () =>
      etcd.put(client(1), request),
    )
  await expectRejected('without a key', 'key is not provided', { key: '', value: 'v' })
  const ofMissing = { key, value: '' }
  await expectRejected('of a missing key that ignores the value', 'key not found', {
    ...ofMissing,
    ignoreValue: true,
  })
  await expectRejected('of a missing key that ignores the lease', 'key not found', {
    ...ofMissing,
    ignoreLease: true,
  })
  await expectRejected('that ignores the value and has one', 'value is provided', {
    key,
    value: 'v',
    ignoreValue: true,
  })
  const lease = '123456789'
  await expectRejected('that ignores the lease and has one', 'lease is provided', {
    key,
    value: 'v',
    lease,
    ignoreLease: true,
  })
  const unknown = { key, value: 'v', lease }
  await expectRejected('with a lease that is not there', 'requested lease not found', unknown)
  await check.equal('rejected-put-changes-nothing', 'a rejected put changes nothing', [], () =>
    readKey(client(0), key),
  )
}

function kv(key: string, value: string, over: Partial<etcd.KeyValue>): etcd.KeyValue {
  return { key, value, createRevision: 0, modRevision: 0, version: 1, lease: '0', ...over }
}
