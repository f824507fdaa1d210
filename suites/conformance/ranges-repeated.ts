import { isDeepStrictEqual } from 'node:util'
import { etcd } from '../../harness/index.ts'
import type { Bench } from './topic.ts'

const writes = 20
const names = ['a', 'b', 'c', 'd', 'e']

/** What is there at a revision, in the order of the keys. */
interface State {
  readonly revision: number
  readonly kvs: readonly etcd.KeyValue[]
}

const empty: State = { revision: 0, kvs: [] }

/**
 * Five keys, written by turns, with and without a lease. After every write, and again as of every
 * revision of then, each member gives all fields of all keys, in a range and one by one: what is
 * wrong in one answer of fifty is seen too.
 */
export async function everyField(bench: Bench): Promise<void> {
  const { check, client, drill, prefix } = bench
  const within = `${prefix}fields/`
  const all = { key: within, end: etcd.prefixEnd(within) }
  const members = drill.cluster.members.map(({ name }) => name)
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  const states: State[] = []
  const write = async (turn: number) => {
    const key = `${within}${names[turn % names.length]}`
    const on = turn % 4 === 0 ? lease : '0'
    const value = `value ${turn}`
    const request = { key, value, ...(on !== '0' && { lease: on }) }
    const { revision } = await etcd.put(client(turn), request)
    const before = states.at(-1)?.kvs ?? []
    const { createRevision = revision, version = 0 } = before.find((kv) => kv.key === key) ?? {}
    const now = {
      key,
      value,
      createRevision,
      modRevision: revision,
      version: version + 1,
      lease: on,
    }
    const kvs = [...before.filter((kv) => kv.key !== key), now]
    states.push({ revision, kvs: kvs.sort((one, other) => (one.key < other.key ? -1 : 1)) })
  }
  const compare = async (turn: number, state: State, atRevision?: number) => {
    const at = turn % members.length
    const read = (request: etcd.RangeRequest) =>
      etcd.range(client(at), { ...request, ...(atRevision !== undefined && { atRevision }) })
    const [together, ...alone] = await Promise.all([
      read(all),
      ...names.map((name) => read({ key: `${within}${name}` })),
    ])
    const what = `revision ${state.revision} through ${members[at]}`
    const inRange = { what: `${what}, in a range`, ...firstOther(together.kvs, state.kvs) }
    if (!isDeepStrictEqual(inRange.found, inRange.expected)) return inRange
    const found = alone.flatMap(({ kvs }) => kvs)
    return { what: `${what}, each key alone`, ...firstOther(found, state.kvs) }
  }
  const times = writes * members.length
  await check.equalEach(
    'a read tells every field of every key, through every member',
    times,
    async (turn) => {
      if (turn % members.length === 0) await write(turn / members.length)
      return compare(turn, states.at(-1) ?? empty)
    },
  )
  await check.equalEach(
    'a past revision has every field of every key as it was then, through every member',
    times,
    async (turn) => {
      const state = states[Math.floor(turn / members.length)] ?? empty
      return compare(turn, state, state.revision)
    },
  )
  await etcd.leaseRevoke(client(0), lease)
}

/** Of two lists the first keys that differ, so that it is said without the others. */
function firstOther(found: readonly etcd.KeyValue[], expected: readonly etcd.KeyValue[]) {
  const at = expected.findIndex((kv, index) => !isDeepStrictEqual(kv, found[index]))
  if (at < 0) return { found: `${found.length} keys`, expected: `${expected.length} keys` }
  return { found: found[at] ?? 'no such key', expected: expected[at] }
}
