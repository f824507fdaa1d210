import { expect, test } from 'vitest'
import { type LeaseReader, untilLeasesKept } from './kept-leases.ts'

const held = { value: 'v', modRevision: 2, createRevision: 2, version: 1 }
const final = {
  members: ['m1', 'm2'].map((member) => ({
    member,
    revision: 9,
    hash: 1,
    hashRevision: 9,
    compactRevision: -1,
    keys: { plain: { ...held, lease: '0' }, leased: { ...held, lease: '7' } },
  })),
}

const honest = (member: string, more: Partial<LeaseReader> = {}): LeaseReader => ({
  member,
  list: async () => ['7'],
  keysOf: async () => ['leased'],
  leaseOf: async () => '7',
  ...more,
})

const judge = (...readers: LeaseReader[]) => untilLeasesKept(final, readers, 60)

test('members that know the leases of their keys hold', async () => {
  await judge(honest('m1'), honest('m2'))
})

test('a member that forgot the lease of a key that it holds is broken', async () => {
  await expect(judge(honest('m1'), honest('m2', { list: async () => [] }))).rejects.toThrow(
    /m2 holds leased with the lease 7, which it does not have/,
  )
})

test('a lease that forgot its key is broken', async () => {
  await expect(judge(honest('m1', { keysOf: async () => [] }), honest('m2'))).rejects.toThrow(
    /m1 holds leased .* does not have among its keys/,
  )
})

test('a lease that ended with its key meanwhile holds', async () => {
  const ended = { list: async () => [], keysOf: async () => [], leaseOf: async () => undefined }
  await judge(honest('m1', ended), honest('m2', ended))
})
