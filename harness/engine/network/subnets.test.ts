import { expect, test } from 'vitest'
import { addressIn, freeSubnets, hostSubnets } from './subnets.ts'

test('a subnet that overlaps a taken one in either direction is never offered', () => {
  const free = freeSubnets({
    taken: ['10.212.0.0/14', '172.30.5.128/25', '192.168.180.0/23', 'fd00::/8'],
    count: 1_000,
    start: 0,
  })
  expect(free.some((subnet) => subnet.startsWith('10.'))).toBe(false)
  expect(free).not.toContain('172.30.5.0/24')
  expect(free).not.toContain('192.168.181.0/24')
  expect(free).toContain('172.30.6.0/24')
  expect(free).toContain('192.168.182.0/24')
})

test('with the whole private space taken, no subnet is offered', () => {
  const taken = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
  expect(freeSubnets({ taken, count: 10, start: 0.5 })).toEqual([])
})

test('two starts offer different subnets first', () => {
  const first = (start: number) => freeSubnets({ taken: [], count: 1, start })
  expect(first(0.1)).not.toEqual(first(0.9))
})

test('an address lies in its subnet', () => {
  expect(addressIn('10.213.7.0/24', 11)).toBe('10.213.7.11')
})

test("the host's loopback network is known as taken", () => {
  expect(hostSubnets()).toContain('127.0.0.1/8')
})
