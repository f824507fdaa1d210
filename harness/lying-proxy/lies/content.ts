import { altersAnswer, altersRequest, startsAltering } from '../interceptors.ts'
import type { Lie } from '../lie.ts'
import {
  atRevision,
  plus,
  type WireKeyValue,
  type WirePut,
  type WireRange,
  type WireRangeRequest,
  type WireTxn,
  type WireTxnRequest,
  withOtherValue,
} from '../messages.ts'
import { put, range, txn } from '../methods.ts'

const kind = 'content'
const fields = { scenario: 'conformance/ranges', id: 'read-returns-every-field' }

/** Alters the first key of a range. */
const altersFirstKey = (alter: (kv: WireKeyValue) => WireKeyValue) =>
  altersAnswer<WireRange>(
    range,
    ({ kvs: [first, ...rest], ...answer }) => first && { ...answer, kvs: [alter(first), ...rest] },
  )

/** Reads ignore a part of their request, where it is there. */
const ignores = (isThere: (request: WireRangeRequest) => boolean, instead: object) =>
  altersRequest<WireRangeRequest>(range, (request) =>
    isThere(request) ? { ...request, ...instead } : undefined,
  )

/** An answer is of the right moment, and says what is not so. */
export const contentLies: readonly Lie[] = [
  {
    kind,
    name: 'value-altered',
    says: 'answers a read with a value that no client wrote',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'key-metadata/answers-disagree' },
    start: altersFirstKey(withOtherValue),
  },
  {
    kind,
    name: 'value-of-another-key',
    says: 'answers a read with the value of another key',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'etcd-linearizability/wrong-answer' },
    start: startsAltering<WireRange>(range, () => {
      let other: Buffer | undefined
      return ({ kvs: [first, ...rest], ...answer }) => {
        if (first === undefined) return undefined
        const value = other
        other = first.value
        return value && { ...answer, kvs: [{ ...first, value }, ...rest] }
      }
    }),
  },
  {
    kind,
    name: 'txn-read-of-another-key',
    says: 'answers a read within a transaction with another key',
    every: 3,
    detection: {
      scenario: 'conformance/key-value',
      id: 'etcd-linearizability/impossible-answer',
    },
    start: altersAnswer<WireTxn>(txn, (answer) => {
      const at = answer.responses.findIndex(({ responseRange: read }) => read?.kvs.length === 1)
      const { responseRange: read, ...response } = answer.responses[at] ?? {}
      if (read === undefined) return undefined
      const kvs = read.kvs.map((kv) => ({ ...kv, key: Buffer.from('another') }))
      const altered = { ...response, responseRange: { ...read, kvs } }
      return { ...answer, responses: answer.responses.with(at, altered) }
    }),
  },
  {
    kind,
    name: 'version-off-by-one',
    says: 'answers a read with a version that is one too high',
    every: 20,
    detection: fields,
    start: altersFirstKey((kv) => ({ ...kv, version: plus(kv.version, 1) })),
  },
  {
    kind,
    name: 'create-revision-off-by-one',
    says: 'answers a read with a create revision that is one too low',
    every: 20,
    detection: fields,
    start: altersFirstKey((kv) => ({ ...kv, createRevision: plus(kv.createRevision, -1) })),
  },
  {
    kind,
    name: 'mod-revision-off-by-one',
    says: 'answers a read with a mod revision that is one too low',
    every: 20,
    detection: fields,
    start: altersFirstKey((kv) => ({ ...kv, modRevision: plus(kv.modRevision, -1) })),
  },
  {
    kind,
    name: 'lease-of-key-hidden',
    says: 'answers a read of a leased key without its lease',
    every: 5,
    detection: fields,
    start: altersAnswer<WireRange>(range, ({ kvs, ...answer }) =>
      kvs.some(({ lease }) => lease !== '0')
        ? { ...answer, kvs: kvs.map((kv) => ({ ...kv, lease: '0' })) }
        : undefined,
    ),
  },
  {
    kind,
    name: 'key-hidden',
    says: 'leaves the last key out of a range',
    every: 10,
    detection: fields,
    start: altersAnswer<WireRange>(range, ({ kvs, count, ...answer }) =>
      kvs.length < 2 ? undefined : { ...answer, kvs: kvs.slice(0, -1), count: plus(count, -1) },
    ),
  },
  {
    kind,
    name: 'count-off-by-one',
    says: 'counts one key of a range too many',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'limit-reports-more' },
    start: altersAnswer<WireRange, WireRangeRequest>(range, ({ count, ...answer }, { rangeEnd }) =>
      rangeEnd.length === 0 ? undefined : { ...answer, count: plus(count, 1) },
    ),
  },
  {
    kind,
    name: 'more-hidden',
    says: 'answers a limited range as if there were no more keys',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'limit-reports-more' },
    start: altersAnswer<WireRange>(range, (answer) =>
      answer.more ? { ...answer, more: false } : undefined,
    ),
  },
  {
    kind,
    name: 'limit-ignored',
    says: 'answers a limited range with all its keys',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'limit-reports-more' },
    start: ignores(({ limit }) => limit !== '0', { limit: '0' }),
  },
  {
    kind,
    name: 'txn-limit-ignored',
    says: 'answers a limited range of a transaction with all its keys',
    every: 1,
    detection: { scenario: 'conformance/transactions', id: 'range-in-txn-is-limited' },
    start: altersRequest<WireTxnRequest>(txn, ({ success, ...request }) => {
      const isLimited = success.some(({ requestRange }) => (requestRange?.limit ?? '0') !== '0')
      if (!isLimited) return undefined
      const unlimited = success.map(({ requestRange, ...step }) =>
        requestRange ? { requestRange: { ...requestRange, limit: '0' } } : step,
      )
      return { ...request, success: unlimited }
    }),
  },
  {
    kind,
    name: 'order-ignored',
    says: 'answers a range in descending order as if it was asked in ascending order',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'range-sorts-descending' },
    start: ignores(({ sortOrder }) => sortOrder === 'Descend', { sortOrder: 'Ascend' }),
  },
  {
    kind,
    name: 'keys-only-ignored',
    says: 'answers a keys-only range with the values',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'keys-only-omits-values' },
    start: ignores(({ keysOnly }) => keysOnly, { keysOnly: false }),
  },
  {
    kind,
    name: 'past-revision-ignored',
    says: 'answers a read of a past revision with the present keys',
    every: 20,
    detection: { scenario: 'conformance/ranges', id: 'past-read-returns-every-field' },
    start: ignores(({ revision }) => revision !== '0', { revision: '0' }),
  },
  {
    kind,
    name: 'previous-value-altered',
    says: 'answers a put with a previous value that the key never had',
    every: 10,
    detection: { scenario: 'conformance/key-value', id: 'previous-value-is-whole-key' },
    start: altersAnswer<WirePut>(put, ({ prevKv, ...answer }) =>
      prevKv === null ? undefined : { ...answer, prevKv: withOtherValue(prevKv) },
    ),
  },
  {
    kind,
    name: 'previous-value-hidden',
    says: 'answers a put as if the key had not been there before',
    every: 10,
    detection: { scenario: 'conformance/key-value', id: 'previous-value-is-whole-key' },
    start: altersAnswer<WirePut>(put, ({ prevKv, header }) =>
      prevKv === null ? undefined : { header },
    ),
  },
  {
    kind,
    name: 'put-revision-off-by-one',
    says: 'answers a put with a revision that is one too high',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'revisions/revision-decreased' },
    start: altersAnswer<WirePut>(put, (answer) => atRevision(answer, 1)),
  },
]
