import { isDeepStrictEqual } from 'node:util'
import { etcd } from '../../../harness/index.ts'
import type { Attempt } from '../checks.ts'
import { keyAfterPut } from '../keys/key-after-put.ts'
import type { TopicContext } from '../topic.ts'

const writes = 20
const names = ['a', 'b', 'c', 'd', 'e']

/** The keys at a revision, in order. */
interface State {
  readonly revision: number
  readonly kvs: readonly etcd.KeyValue[]
}

const empty: State = { revision: 0, kvs: [] }

/**
 * Writes five keys in turn, with and without a lease. After every write, and again as of each of its
 * revisions, every member returns all fields of all keys, in a range and one by one, so that one
 * wrong answer in fifty shows.
 */
export async function fieldsOfEveryKey(context: TopicContext): Promise<void> {
  const { check, client, drill } = context
  const { length: members } = drill.cluster.members
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  const states: State[] = []
  await check.equalEach(
    'read-returns-every-field',
    'every member returns every field of every key',
    writes * members,
    async (turn) => {
      if (turn % members === 0) states.push(await write(context, states, lease))
      return compare(context, turn, { state: states.at(-1) ?? empty })
    },
  )
  await check.equalEach(
    'past-read-returns-every-field',
    'every member returns every field of every key as of a past revision',
    writes * members,
    async (turn) => {
      const state = states[Math.floor(turn / members)] ?? empty
      return compare(context, turn, { state, atRevision: state.revision })
    },
  )
  await etcd.leaseRevoke(client(0), lease)
}

const under = (prefix: string) => `${prefix}fields/`

/** Puts one more key; resolves to the state after it. */
async function write(
  { client, prefix }: TopicContext,
  states: readonly State[],
  lease: string,
): Promise<State> {
  const turn = states.length
  const kvs = states.at(-1)?.kvs ?? []
  const key = `${under(prefix)}${names[turn % names.length]}`
  const put = { key, value: `value ${turn}`, lease: turn % 4 === 0 ? lease : '0' }
  const { lease: on, ...bare } = put
  const { revision } = await etcd.put(client(turn), on === '0' ? bare : put)
  const before = kvs.find((kv) => kv.key === key)
  const after = [...kvs.filter((kv) => kv !== before), keyAfterPut(before, { ...put, revision })]
  return { revision, kvs: after.sort((one, other) => (one.key < other.key ? -1 : 1)) }
}

async function compare(
  { client, drill, prefix }: TopicContext,
  turn: number,
  { state, atRevision }: { readonly state: State; readonly atRevision?: number },
): Promise<Attempt> {
  const within = under(prefix)
  const read = (request: etcd.RangeRequest) =>
    etcd.range(client(turn), { ...request, ...(atRevision !== undefined && { atRevision }) })
  const [together, ...alone] = await Promise.all([
    read({ key: within, end: etcd.prefixEnd(within) }),
    ...names.map((name) => read({ key: `${within}${name}` })),
  ])
  const { members } = drill.cluster
  const what = `revision ${state.revision} through ${members[turn % members.length]?.name}`
  const inRange = { what: `${what}, in a range`, ...firstOther(together.kvs, state.kvs) }
  if (!isDeepStrictEqual(inRange.found, inRange.expected)) return inRange
  const found = alone.flatMap(({ kvs }) => kvs)
  return { what: `${what}, each key alone`, ...firstOther(found, state.kvs) }
}

/** The first keys of two lists that differ, for a short message. */
function firstOther(found: readonly etcd.KeyValue[], expected: readonly etcd.KeyValue[]) {
  const at = expected.findIndex((kv, index) => !isDeepStrictEqual(kv, found[index]))
  if (at < 0) return { found: `${found.length} keys`, expected: `${expected.length} keys` }
  return { found: found[at] ?? 'no such key', expected: expected[at] }
}
