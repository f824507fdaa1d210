import { status } from '@grpc/grpc-js'
import {
  altersAnswer,
  altersRequest,
  answersItself,
  presentHeader,
  rejects,
} from '../interceptors.ts'
import type { Lie, Method, StartLie } from '../lie.ts'
import {
  plus,
  type WireDelete,
  type WirePutRequest,
  type WireRange,
  type WireRangeRequest,
  type WireTxn,
  type WireTxnRequest,
} from '../messages.ts'
import { deleteRange, isOf, put, range, txn } from '../methods.ts'

const kind = 'outcome'
const isPut = (method: Method) => isOf(method, put)
const tooManyRequests = {
  code: status.RESOURCE_EXHAUSTED,
  details: 'etcdserver: too many requests',
}
const compacted = {
  code: status.OUT_OF_RANGE,
  details: 'etcdserver: mvcc: required revision has been compacted',
}

/** What was asked is not what was done. */
export const outcomeLies: readonly Lie[] = [
  {
    kind,
    name: 'put-acknowledged-only',
    says: 'acknowledges a put and drops it',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'durability/acknowledged-write-lost' },
    start: answersItself<WirePutRequest>(put, () => async (exchange) => {
      const header = await presentHeader(exchange)
      return { header: { ...header, revision: plus(header.revision, 1) } }
    }),
  },
  {
    kind,
    name: 'put-done-and-rejected',
    says: 'does a put and answers that it rejects it',
    every: 20,
    detection: { scenario: 'conformance/gateway', id: 'etcd-linearizability/unwritten-value' },
    start: rejects(tooManyRequests, { isDone: true, isMeant: isPut }),
  },
  {
    kind,
    name: 'put-done-twice',
    says: 'does a put twice',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'previous-value-is-whole-key' },
    start: (isDue) => ({
      answer: async (exchange) => {
        if (isPut(exchange) && isDue()) await exchange.forward()
        return exchange.forward()
      },
    }),
  },
  {
    kind,
    name: 'read-rejected-as-compacted',
    says: 'rejects a read of the present as compacted',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'refusals/compacted-without-compaction' },
    start: rejects(compacted, { isDone: false, isMeant: (method) => isOf(method, range) }),
  },
  {
    kind,
    name: 'delete-acknowledged-only',
    says: 'answers how many keys a delete takes, and takes none',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'range-delete-takes-exactly-its-keys' },
    start: answersItself<WireRangeRequest>(deleteRange, ({ key, rangeEnd }) => async ({ ask }) => {
      const { header, count, kvs } = await ask<WireRange>('KV', 'Range', { key, rangeEnd })
      return { header, deleted: count, prevKvs: kvs }
    }),
  },
  {
    kind,
    name: 'delete-done-and-denied',
    says: 'deletes keys and answers that there were none',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'range-delete-takes-exactly-its-keys' },
    start: altersAnswer<WireDelete>(deleteRange, (answer) => ({ header: answer.header })),
  },
  {
    kind,
    name: 'delete-takes-range-end',
    says: 'deletes the key at the end of a range, too',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'range-delete-excludes-its-end' },
    start: altersRequest<WireRangeRequest>(deleteRange, (request) =>
      request.rangeEnd.length === 0
        ? undefined
        : { ...request, rangeEnd: Buffer.concat([request.rangeEnd, Buffer.from('\0')]) },
    ),
  },
  {
    kind,
    name: 'delete-stops-at-its-key',
    says: 'deletes only the first key where a delete has no upper bound',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'delete-end-nul-is-unbounded' },
    start: altersRequest<WireRangeRequest>(deleteRange, (request) =>
      request.rangeEnd.equals(Buffer.from('\0'))
        ? { ...request, rangeEnd: Buffer.alloc(0) }
        : undefined,
    ),
  },
  {
    kind,
    name: 'deleted-count-off-by-one',
    says: 'counts one deleted key too many',
    every: 5,
    detection: { scenario: 'conformance/key-value', id: 'range-delete-takes-exactly-its-keys' },
    start: altersAnswer<WireDelete>(deleteRange, (answer) => ({
      ...answer,
      deleted: plus(answer.deleted, 1),
    })),
  },
  {
    kind,
    name: 'txn-done-and-denied',
    says: 'runs the success branch and answers that the compares failed',
    every: 7,
    detection: { scenario: 'conformance/transactions', id: 'compare-follows-operator' },
    start: altersAnswer<WireTxn>(txn, (answer) => ({ ...answer, succeeded: !answer.succeeded })),
  },
  {
    kind,
    name: 'txn-compares-ignored',
    says: 'runs the success branch whatever the compares say',
    every: 7,
    detection: { scenario: 'conformance/transactions', id: 'compare-follows-operator' },
    start: altersRequest<WireTxnRequest>(txn, (request) =>
      request.compare.length === 0 ? undefined : { ...request, compare: [] },
    ),
  },
  {
    kind,
    name: 'txn-first-compare-ignored',
    says: 'ignores all compares of a transaction but the last',
    every: 1,
    detection: { scenario: 'conformance/transactions', id: 'every-compare-must-hold' },
    start: testsOnly((compare) => compare.slice(-1)),
  },
  {
    kind,
    name: 'txn-later-compares-ignored',
    says: 'ignores all compares of a transaction but the first',
    every: 1,
    detection: { scenario: 'conformance/transactions', id: 'every-compare-must-hold' },
    start: testsOnly((compare) => compare.slice(0, 1)),
  },
  {
    kind,
    name: 'txn-both-branches',
    says: 'runs the success branch after the failure branch',
    every: 1,
    detection: { scenario: 'conformance/transactions', id: 'other-branch-does-nothing' },
    start: altersRequest<WireTxnRequest>(txn, ({ failure, success, ...rest }) =>
      failure.length === 0 ? undefined : { ...rest, success, failure: [...failure, ...success] },
    ),
  },
  {
    kind,
    name: 'txn-split',
    says: 'does the steps of a transaction one after the other, each at a revision of its own',
    every: 1,
    detection: { scenario: 'conformance/transactions', id: 'one-revision-for-all-writes' },
    start: answersItself<WireTxnRequest>(txn, ({ compare, success }) =>
      compare.length > 0 || success.length < 2
        ? undefined
        : async ({ ask }) => {
            const answers: WireTxn[] = []
            for (const step of success) answers.push(await ask('KV', 'Txn', { success: [step] }))
            const responses = answers.flatMap((answer) => answer.responses)
            return { ...answers.at(-1), responses }
          },
    ),
  },
]

type Compares = WireTxnRequest['compare']

/** An end that is encoded as empty would be a range without bound. */
function testsOnly(some: (compare: Compares) => Compares): StartLie {
  return altersRequest<WireTxnRequest>(txn, ({ compare, ...request }) => {
    if (compare.length < 2) return undefined
    const tested = some(compare).map(({ rangeEnd, ...each }) =>
      rangeEnd.length === 0 ? each : { ...each, rangeEnd },
    )
    return { ...request, compare: tested }
  })
}
