import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import type { RangeRequest, TxnRequest } from './kv-types.ts'
import { type RawTxn, rawPut, rawRange, rawTxn, txnResult } from './kv-wire.ts'
import { methodOf, type ServiceName, serviceOf } from './proto.ts'
import { isServerRejection, RequestError } from './request-error.ts'

/** The fields that etcd decodes from the request. */
function sent(service: ServiceName, method: string, request: object): Record<string, unknown> {
  const { requestSerialize, requestDeserialize } = methodOf<object, object>(service, method)
  const read = requestDeserialize(requestSerialize(request))
  return JSON.parse(JSON.stringify(read, (_, value) => textOf(value)))
}

const textOf = (value: { type?: string; data?: number[] } | null) =>
  value?.type === 'Buffer' ? Buffer.from(value.data ?? []).toString() : value

test('a sorted, bounded range has etcd’s names on the wire', () => {
  const request: RangeRequest = {
    key: 'a',
    end: 'b',
    sort: { by: 'mod', order: 'descend' },
    minModRevision: 3,
    maxCreateRevision: 9,
  }
  expect(sent('KV', 'Range', rawRange(request))).toMatchObject({
    key: 'a',
    rangeEnd: 'b',
    sortTarget: 'Mod',
    sortOrder: 'Descend',
    minModRevision: '3',
    maxCreateRevision: '9',
    maxModRevision: '0',
  })
})

test('a put’s options are on the wire', () => {
  const put = { key: 'a', value: '', ignoreValue: true, lease: '7', prevKv: true }
  expect(sent('KV', 'Put', rawPut(put))).toMatchObject({ ...put, ignoreLease: false })
})

test('each target of a compare carries its operand, and a transaction holds another', () => {
  const inner: TxnRequest = { compare: [], success: [{ put: { key: 'p', value: 'v' } }] }
  const request: TxnRequest = {
    compare: [
      { key: 'a', target: 'version', is: '>', to: 1 },
      { key: 'a', target: 'create', is: '<', to: 2 },
      { key: 'a', target: 'mod', is: '!=', to: 3 },
      { key: 'a', target: 'lease', is: '=', to: '4' },
      { key: 'a', end: 'b', target: 'value', is: '=', to: 'v' },
    ],
    success: [{ txn: inner }],
  }
  const read = sent('KV', 'Txn', rawTxn(request))
  expect(read.compare).toMatchObject([
    { target: 'Version', result: 'Greater', version: '1' },
    { target: 'Create', result: 'Less', createRevision: '2' },
    { target: 'Mod', result: 'NotEqual', modRevision: '3' },
    { target: 'Lease', result: 'Equal', lease: '4' },
    { target: 'Value', result: 'Equal', value: 'v', rangeEnd: 'b' },
  ])
  const put = { requestPut: { key: 'p', value: 'v' } }
  expect(read.success).toMatchObject([{ requestTxn: { success: [put] } }])
})

test('the answers of nested transactions are in order', () => {
  const gone = { deleted: '2', prevKvs: [] }
  const inner = { succeeded: false, responses: [{ responseDeleteRange: gone }] }
  const raw: RawTxn = { succeeded: true, responses: [{}, { responseTxn: inner }] }
  expect(txnResult(raw)).toEqual({
    succeeded: true,
    results: [null, null],
    prevKvs: [[], []],
    nested: [{ succeeded: false, results: [2], prevKvs: [[]], nested: [] }],
  })
})

test('the steps of a transaction ask for previous keys and answer them', () => {
  const request = {
    compare: [],
    success: [
      { put: { key: 'p', value: 'v', prevKv: true } },
      { delete: { key: 'd', prevKv: true } },
      { delete: { key: 'd', end: 'e' } },
    ],
  }
  expect(sent('KV', 'Txn', rawTxn(request)).success).toMatchObject([
    { requestPut: { prevKv: true } },
    { requestDeleteRange: { key: 'd', prevKv: true } },
    { requestDeleteRange: { key: 'd', rangeEnd: 'e', prevKv: false } },
  ])
  const versions = { createRevision: '2', modRevision: '3', version: '4' }
  const kv = (key: string, lease: string) => {
    return { key: Buffer.from(key), value: Buffer.from('v'), lease, ...versions }
  }
  const raw: RawTxn = {
    succeeded: true,
    responses: [
      { responsePut: { prevKv: kv('p', '7') } },
      { responseDeleteRange: { deleted: '1', prevKvs: [kv('d', '0')] } },
      { responsePut: { prevKv: null } },
    ],
  }
  const fields = { value: 'v', createRevision: 2, modRevision: 3, version: 4 }
  expect(txnResult(raw).prevKvs).toEqual([
    [{ key: 'p', lease: '7', ...fields }],
    [{ key: 'd', lease: '0', ...fields }],
    [],
  ])
})

test('the lock and election services have their paths and fields', () => {
  expect(serviceOf('Lock').Lock?.path).toBe('/v3lockpb.Lock/Lock')
  expect(serviceOf('Election').Observe?.responseStream).toBe(true)
  const leader = { name: 'n', key: 'k', rev: '5', lease: '6' }
  const request = {
    leader: { ...leader, name: Buffer.from('n'), key: Buffer.from('k') },
    value: Buffer.from('v'),
  }
  expect(sent('Election', 'Proclaim', request)).toEqual({ leader, value: 'v' })
})

test('an error that the network may cause is no rejection by the server', () => {
  const errorOf = (code: status) =>
    new RequestError({ code, details: '' }, { member: 'm1', method: 'Put' })
  for (const code of [status.NOT_FOUND, status.PERMISSION_DENIED, status.UNIMPLEMENTED]) {
    expect(isServerRejection(errorOf(code))).toBe(true)
  }
  for (const code of [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.UNKNOWN]) {
    expect(isServerRejection(errorOf(code))).toBe(false)
  }
  expect(isServerRejection(new Error('x'))).toBe(false)
})
