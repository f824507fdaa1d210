import { expect, test } from 'vitest'
import { decodeLoggedRequest } from './logged-request.ts'
import { encodeMessage } from './messages.ts'
import { request } from './testing/encode-log.ts'

function decode(data: Buffer, isNormal = true) {
  return decodeLoggedRequest({ index: 1, term: 1, isNormal, data })
}

const bytes = (text: string) => Buffer.from(text)
const requestOf = (body: object) => decode(request(body)).request

test('a put has its key, value, lease and flags; what is not set is absent', () => {
  const put = { key: bytes('k'), value: bytes('v') }
  expect(requestOf({ put })).toEqual({ kind: 'put', key: 'k', value: 'v' })
  expect(requestOf({ put: { ...put, lease: '7', ignoreValue: true, ignoreLease: true } })).toEqual({
    kind: 'put',
    key: 'k',
    value: 'v',
    lease: '7',
    ignoreValue: true,
    ignoreLease: true,
  })
})

test('a request keeps the number that etcd gave it, of 64 bits', () => {
  const id = '18446744073709551615'
  expect(decode(request({ put: { key: bytes('k') } }, id)).id).toBe(id)
})

test('a transaction has its compares and both branches, transactions within it too', () => {
  const compare = [
    { key: bytes('a'), target: 'Value', result: 'Equal', value: bytes('x') },
    { key: bytes('b'), target: 'Mod', result: 'Greater', modRevision: '3' },
    { key: bytes('c'), target: 'Lease', result: 'NotEqual', lease: '9' },
    { key: bytes('d'), rangeEnd: bytes('e'), target: 'Version', result: 'Less' },
    { key: bytes('f'), target: 'Create', result: 'Equal', createRevision: '0' },
  ]
  const inner = { success: [{ requestPut: { key: bytes('p'), value: bytes('q') } }] }
  const success = [
    { requestDeleteRange: { key: bytes('a'), rangeEnd: bytes('b') } },
    { requestRange: { key: bytes('c'), revision: '4' } },
    { requestTxn: inner },
  ]
  expect(requestOf({ txn: { compare, success } })).toEqual({
    kind: 'txn',
    compare: [
      { key: 'a', target: 'value', result: '=', operand: 'x' },
      { key: 'b', target: 'mod', result: '>', operand: 3 },
      { key: 'c', target: 'lease', result: '!=', operand: '9' },
      { key: 'd', end: 'e', target: 'version', result: '<', operand: 0 },
      { key: 'f', target: 'create', result: '=', operand: 0 },
    ],
    success: [
      { kind: 'delete', key: 'a', end: 'b' },
      { kind: 'range', key: 'c', atRevision: 4 },
      { kind: 'txn', compare: [], success: [{ kind: 'put', key: 'p', value: 'q' }], failure: [] },
    ],
    failure: [],
  })
})

test('a transaction that nests deeper than a file may is named, not decoded', () => {
  let txn: object = {}
  for (let depth = 0; depth < 4; depth++) txn = { success: [{ requestTxn: txn }] }
  expect(requestOf({ txn })).toMatchObject({ kind: 'other' })
})

test('leases, compactions and alarms are decoded; other requests keep their name', () => {
  expect(requestOf({ leaseGrant: { ID: '7', TTL: '60' } })).toEqual({
    kind: 'lease-grant',
    lease: '7',
    ttlS: 60,
  })
  expect(requestOf({ leaseRevoke: { ID: '7' } })).toEqual({ kind: 'lease-revoke', lease: '7' })
  expect(requestOf({ compaction: { revision: '5' } })).toEqual({ kind: 'compaction', revision: 5 })
  const alarm = { action: 'Activate', memberID: '101', alarm: 'Nospace' }
  expect(requestOf({ alarm })).toEqual({
    kind: 'alarm',
    action: 'activate',
    alarm: 'no-space',
    nodeId: '101',
  })
  expect(requestOf({ authEnable: bytes('') })).toEqual({ kind: 'other', name: 'authEnable' })
})

test('an entry that is no request of a client says what it is', () => {
  expect(decode(Buffer.alloc(0))).toEqual({ request: { kind: 'empty' } })
  expect(decode(bytes('anything'), false)).toEqual({ request: { kind: 'membership' } })
  const publish = { id: '9', method: 'PUT', path: '/0/members/8e9e05c52164694d/attributes' }
  const old = decode(encodeMessage('VersionTwoRequest', publish))
  expect(old).toEqual({ request: { kind: 'other', name: 'v2 PUT' } })
  const unknownField = Buffer.from([0xca, 0x3e, 0])
  expect(decode(unknownField).request).toEqual({ kind: 'other', name: 'unknown' })
  expect(decode(Buffer.from([0xff])).request).toEqual({ kind: 'other', name: 'unknown' })
})
