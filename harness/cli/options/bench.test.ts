import { Command } from 'commander'
import { expect, test } from 'vitest'
import { benchOptions } from './bench.ts'
import { orderOf } from './bench-order.ts'
import { addOptions } from './table.ts'

function order(...argv: readonly string[]) {
  const command = addOptions(new Command().exitOverride(), benchOptions)
  return orderOf(command.parse(argv, { from: 'user' }).opts())
}

test('without options it measures puts in a closed loop on a cluster of its own', () => {
  const { plan, given } = order()
  expect(plan).toMatchObject({ operation: 'put', clients: [1, 100, 1_000], ratePerS: undefined })
  expect(given).toBeUndefined()
})

test('endpoints are targets by their hosts', () => {
  const { given } = order('--endpoints', 'http://10.0.0.1:2379,http://[::1]:2380')
  expect(given?.targets).toEqual([
    { member: '10.0.0.1:2379', endpoint: 'http://10.0.0.1:2379' },
    { member: '[::1]:2380', endpoint: 'http://[::1]:2380' },
  ])
})

test('a port may be the standard one of its scheme', () => {
  const { given } = order('--endpoints', 'http://10.0.0.1:80')
  expect(given?.targets).toEqual([{ member: '10.0.0.1', endpoint: 'http://10.0.0.1' }])
})

test.each([
  ['--clients 0', /`--clients` to be from 1 to/],
  ['--clients 1,many', /`--clients` to be whole numbers/],
  ['--clients 5 --keys 4', /`--keys` to be from 5/],
  ['--key-size 19', /`--key-size` to be from 20/],
  ['--value-size 2000000', /`--value-size` to be from 0/],
  ['--rate 0', /`--rate` to be from 1/],
  ['--rate 5 --sweep', /either `--sweep` or `--rate`/],
  ['--generator etcd3 --operation txn', /`--generator lean` with `--operation txn`/],
  ['--generator gateway --rate 5', /for an open loop, got gateway/],
  ['--vs other', /`--vs` to be etcdctl or benchmark=PATH/],
  ['--vs benchmark=/none/such', /to name etcd's tool/],
  ['--vs etcdctl', /`--key-size 256 --value-size 1024`/],
  ['--baseline file', /`--vs` beside `--baseline`/],
  ['--endpoints 10.0.0.1', /`--endpoints` to be URLs such as/],
  ['--endpoints http://a:1,https://b:1 --cacert x', /all http or all https/],
  ['--endpoints https://a:1', /`--cacert` for https:\/\/a:1/],
  ['--endpoints https://a:1 --cacert x --cert y', /`--cert` and `--key` together/],
  ['--endpoints https://a:1 --cacert /none/such', /to be PEM at \/none\/such/],
  ['--endpoints http://a:1 --members 3', /either `--endpoints` or `--members`/],
  ['--cacert x', /`--endpoints` beside `--cacert`/],
])('%s is a clear input error', (text, message) => {
  expect(() => order(...text.split(' '))).toThrow(message)
})
