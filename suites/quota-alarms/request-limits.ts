import {
  type Drill,
  done,
  etcd,
  type Member,
  numberOf,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { type EtcdError, etcdErrors, isError } from '../shared/etcd/errors.ts'
import {
  grpcOverheadBytes,
  limitsOutOfReach,
  operationsOutOfReach,
  putsOf,
} from '../shared/etcd/limits.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'

const limitScenario = {
  workload: workloads.steady,
  foreignWrites: 'the scenario writes requests at the limits',
  faults: [],
} as const satisfies Partial<Scenario>

export const requestLimits: readonly Scenario[] = [
  {
    ...limitScenario,
    id: 'quota-alarms/request-too-large',
    title: 'etcd rejects a request above the size limit whole and accepts one below it',
    depth: 'ci',
    notApplicable: limitsOutOfReach,
    act: async (drill) => {
      for (const member of drill.cluster.members) {
        const maxRequestBytes = numberOf(drill.cluster.spec, 'max-request-bytes', member.name)
        await expectFits(drill, member, maxRequestBytes - 4_096)
        await expectTooLarge(drill, member, maxRequestBytes + 4_096, etcdErrors.requestTooLarge)
        await expectTooLarge(
          drill,
          member,
          maxRequestBytes + 2 * grpcOverheadBytes,
          etcdErrors.messageTooLarge,
        )
      }
    },
  },
  {
    ...limitScenario,
    id: 'quota-alarms/too-many-operations',
    title: 'etcd rejects a transaction with more operations than its limit whole',
    depth: 'full',
    notApplicable: operationsOutOfReach,
    act: async (drill) => {
      for (const member of drill.cluster.members) {
        const limit = numberOf(drill.cluster.spec, 'max-txn-ops', member.name)
        const most = await transact(drill, member, limit)
        drill.expect(
          'operations-up-to-limit-pass',
          `a transaction with ${limit} operations is accepted`,
          most.rejection === undefined,
          formatRejection(most.rejection),
        )
        drill.expect(
          'accepted-txn-writes-all',
          'all of its puts are there',
          most.present === limit,
          `${most.present} of ${limit}`,
        )
        const { rejection, present } = await transact(drill, member, limit + 1)
        drill.expect(
          'operations-above-limit-rejected',
          `a transaction with ${limit + 1} operations through ${member.name} is rejected`,
          isError(rejection, etcdErrors.tooManyOperations),
          formatRejection(rejection),
        )
        drill.expect(
          'rejected-txn-writes-nothing',
          'none of the rejected transaction’s puts happened',
          present === 0,
          `${present} of ${limit + 1}`,
        )
      }
    },
  },
]

/** etcd acknowledges the request, and another member returns every byte as it was written. */
async function expectFits(drill: Drill, member: Member, bytes: number): Promise<void> {
  const { members } = drill.cluster
  const another = members[(members.indexOf(member) + 1) % members.length] ?? member
  const key = keyOf(member, bytes)
  const rejection = await rejectionOf(putOf(drill, member, bytes))
  drill.expect(
    'request-up-to-limit-passes',
    `a request of ${bytes} bytes is accepted`,
    rejection === undefined,
    formatRejection(rejection),
  )
  if (rejection !== undefined) return
  const { kvs } = await read(drill, another, { key })
  const difference = differenceOf(kvs[0]?.value, textOf(bytes))
  drill.expect(
    'large-value-read-as-written',
    `a value of ${bytes} bytes written through ${member.name} is read through ${another.name} as it was written`,
    difference === undefined,
    difference ?? 'the same value',
  )
}

/** A short description: the values themselves are too large for a message. */
function differenceOf(found: string | undefined, written: string): string | undefined {
  if (found === written) return undefined
  if (found === undefined) return 'no such key'
  if (found.length !== written.length) return `${found.length} bytes`
  const at = [...written].findIndex((character, index) => character !== found[index])
  return `other bytes from byte ${at} on`
}

async function expectTooLarge(
  drill: Drill,
  member: Member,
  bytes: number,
  error: EtcdError,
): Promise<void> {
  const key = keyOf(member, bytes)
  const rejection = await rejectionOf(putOf(drill, member, bytes))
  drill.expect(
    'request-above-limit-rejected',
    `a request of ${bytes} bytes through ${member.name} is rejected with “${error.details}”`,
    isError(rejection, error),
    formatRejection(rejection),
  )
  const { count } = await read(drill, member, { key, countOnly: true })
  drill.expect(
    'rejected-request-writes-nothing',
    'a request rejected for its size did not happen',
    count === 0,
    `${count} keys`,
  )
}

/** A message too large for gRPC may close the client's connection, so this waits for a new one. */
function read(drill: Drill, member: Member, request: etcd.RangeRequest) {
  const client = drill.client(member)
  return drill.becomes(
    'reads-continue-after-rejection',
    `a read through ${member.name} to be served`,
    async () => done(await etcd.range(client, request, longTimeout)),
  )
}

const keyOf = (member: Member, bytes: number) => `beside/large-${member.name}-${bytes}`

/** Text of distinct pieces, so that a lost, moved or repeated piece shows. */
function textOf(bytes: number): string {
  const pieces = Array.from({ length: Math.ceil(bytes / 8) }, (_, index) => {
    return index.toString(36).padStart(8, '.')
  })
  return pieces.join('').slice(0, bytes)
}

function putOf(drill: Drill, member: Member, bytes: number): Promise<unknown> {
  const request = { key: keyOf(member, bytes), value: textOf(bytes) }
  return etcd.put(drill.client(member), request, { timeoutMs: 10_000 })
}

/** Puts that number of new keys in one transaction; resolves to how many exist afterwards. */
async function transact(drill: Drill, member: Member, operations: number) {
  const client = drill.client(member)
  const prefix = `beside/txn-${member.name}-${operations}/`
  const success = putsOf(prefix, operations)
  const rejection = await rejectionOf(
    etcd.txn(client, { compare: [], success }, { timeoutMs: 10_000 }),
  )
  const range = { key: prefix, end: etcd.prefixEnd(prefix), countOnly: true }
  const { count: present } = await etcd.range(client, range)
  return { rejection, present }
}
