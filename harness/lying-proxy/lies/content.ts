import { altersAnswer, altersRequest, startsAltering } from '../interceptors.ts'
import type { Lie } from '../lie.ts'
import {
  atRevision,
  plus,
  type WireKeyValue,
  type WirePut,
  type WireRange,
  type WireRangeRequest,
  withOtherValue,
} from '../messages.ts'
import { put, range } from '../methods.ts'

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
    name: 'order-ignored',
    says: 'answers a range in descending order as if it was asked in ascending order',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'range-sorts-descending' },
    start: ignores(({ sortOrder }) => sortOrder === 'Descend', { sortOrder: 'Ascend' }),
  },
  {
    kind,
    name: 'large-value-cut',
    says: 'answers a read of a value above 64 KiB without its last byte',
    every: 1,
    detection: { scenario: 'conformance/sizes', id: 'written-is-read' },
    start: altersAnswer<WireRange>(range, ({ kvs, ...answer }) =>
      kvs.some(({ value }) => value.length > 65_536)
        ? { ...answer, kvs: kvs.map((kv) => ({ ...kv, value: kv.value.subarray(0, -1) })) }
        : undefined,
    ),
  },
  {
    kind,
    name: 'keys-beyond-hundred-hidden',
    says: 'answers a range of more than a hundred keys without the last one',
    every: 1,
    detection: { scenario: 'conformance/sizes', id: 'many-keys-in-range' },
    start: altersAnswer<WireRange>(range, ({ kvs, count, ...answer }) =>
      kvs.length <= 100 ? undefined : { ...answer, kvs: kvs.slice(0, -1), count: plus(count, -1) },
    ),
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
    name: 'keys-only-versions-hidden',
    says: 'answers a keys-only range as if each key was just created',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'keys-only-returns-revisions' },
    start: altersAnswer<WireRange, WireRangeRequest>(range, ({ kvs, ...answer }, { keysOnly }) =>
      keysOnly ? { ...answer, kvs: kvs.map((kv) => ({ ...kv, version: '1' })) } : undefined,
    ),
  },
  {
    kind,
    name: 'keys-only-leases-hidden',
    says: 'answers a keys-only range as if its keys had no leases',
    every: 1,
    detection: { scenario: 'conformance/keys-only', id: 'keys-only-returns-leases' },
    start: altersAnswer<WireRange, WireRangeRequest>(range, ({ kvs, ...answer }, { keysOnly }) =>
      keysOnly ? { ...answer, kvs: kvs.map((kv) => ({ ...kv, lease: '0' })) } : undefined,
    ),
  },
  {
    kind,
    name: 'filter-after-limit',
    says: 'applies the limit of a range before its filter',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'limit-applies-after-filter' },
    start: altersAnswer<WireRange, WireRangeRequest>(
      range,
      ({ header, count }, { limit, minModRevision }) =>
        limit === '0' || minModRevision === '0' ? undefined : { header, count, kvs: [] },
    ),
  },
  {
    kind,
    name: 'past-count-ignored',
    says: 'counts the present keys for a past revision',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'options-apply-to-past-revision' },
    start: ignores(({ countOnly, revision }) => countOnly && revision !== '0', { revision: '0' }),
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
