import { createHash } from 'node:crypto'
import { etcd } from '../../../harness/index.ts'
import { catchUp, type TopicContext } from '../topic.ts'

/** As often as the repeated parts look at an answer. */
const snapshotTurns = 60

export async function snapshotIsWhole({ check, client }: TopicContext): Promise<void> {
  const whole = await download(client(1))
  const database = whole.subarray(0, -32)
  const sum = createHash('sha256').update(database).digest('hex')
  await check.equal(
    'snapshot-ends-with-hash',
    'a snapshot ends with the SHA-256 of its database',
    sum,
    () => whole.subarray(-32).toString('hex'),
  )
  await check.equal(
    'snapshot-is-bolt-database',
    'a snapshot is whole pages of a bolt database',
    [0, 0xed0cdaed],
    () => {
      // A bolt page starts with a header of 16 bytes; in the first page the magic number follows.
      return [database.length % 4_096, database.readUInt32LE(16)]
    },
  )
}

export async function latestInSnapshots({ check, client, prefix }: TopicContext): Promise<void> {
  await check.equalEach(
    'snapshot-holds-latest-write',
    'a snapshot holds the write that its member last applied',
    snapshotTurns,
    async (turn) => {
      // A database keeps what was written before, so that each value must be new to the cluster.
      const { revision } = await etcd.range(client(turn), { key: 'k0', countOnly: true })
      const value = `${prefix}latest after ${revision}.`
      await etcd.put(client(turn), { key: `${prefix}latest`, value })
      const through = client(turn + 1)
      await catchUp(through)
      const content = await download(through)
      return { what: `write ${turn}`, found: content.includes(value), expected: true }
    },
  )
}

/** The database file as the member streams it, with its hash. */
async function download(client: etcd.MemberClient): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of etcd.snapshot(client)) pieces.push(piece)
  return Buffer.concat(pieces)
}
