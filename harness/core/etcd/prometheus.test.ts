import { expect, test } from 'vitest'
import { InputError } from '../errors.ts'
import { histogramOf, parsePrometheus, sumOf } from './prometheus.ts'

const page = `# HELP etcd_server_has_leader Whether or not a leader exists.
# TYPE etcd_server_has_leader gauge
etcd_server_has_leader 1
etcd_network_peer_sent_bytes_total{To="8e9e05c52164694d"} 1.2e+03
grpc_server_handled_total{grpc_code="OK",grpc_method="Put"} 20
grpc_server_handled_total{grpc_code="OK",grpc_method="Range"} 5
grpc_server_handled_total{grpc_code="Unavailable",grpc_method="Put"} 3

etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 9
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 3
etcd_disk_wal_fsync_duration_seconds_sum 0.25
etcd_disk_wal_fsync_duration_seconds_count 9
`

test('a sample has its name, labels, value and series', () => {
  const samples = parsePrometheus(page)
  expect(samples).toHaveLength(9)
  expect(samples.slice(0, 2)).toEqual([
    { name: 'etcd_server_has_leader', labels: {}, value: 1, series: 'etcd_server_has_leader' },
    {
      name: 'etcd_network_peer_sent_bytes_total',
      labels: { To: '8e9e05c52164694d' },
      value: 1_200,
      series: 'etcd_network_peer_sent_bytes_total{To="8e9e05c52164694d"}',
    },
  ])
})

test('a label’s value may hold quotes, backslashes, line feeds, commas and braces', () => {
  const written = String.raw`build_info{path="C:\\dir",text="a \"b\", {c}\nd",} 1 1395066363000`
  expect(parsePrometheus(written)).toMatchObject([
    { name: 'build_info', labels: { path: 'C:\\dir', text: 'a "b", {c}\nd' }, value: 1 },
  ])
})

test.for([
  ['NaN', Number.NaN],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['1.5e-05', 0.000015],
] as const)('the value %s is a number', ([text, value]) => {
  expect(parsePrometheus(`a{quantile="0.5"} ${text}`)[0]?.value).toBe(value)
})

test('a sum is over the samples that have every label asked for', () => {
  const samples = parsePrometheus(page)
  const handled = 'grpc_server_handled_total'
  expect(sumOf(samples, handled)).toBe(28)
  expect(sumOf(samples, handled, { grpc_code: 'OK', grpc_method: 'Put' })).toBe(20)
  expect(sumOf(samples, handled, { grpc_code: 'Internal' })).toBeUndefined()
  expect(sumOf(samples, 'etcd_server_has')).toBeUndefined()
})

test('a histogram has its buckets in ascending order', () => {
  expect(histogramOf(parsePrometheus(page), 'etcd_disk_wal_fsync_duration_seconds')).toEqual({
    count: 9,
    sum: 0.25,
    buckets: [
      { atMost: 0.001, count: 3 },
      { atMost: Infinity, count: 9 },
    ],
  })
  expect(histogramOf(parsePrometheus(page), 'etcd_disk_backend_commit')).toBeUndefined()
})

test.for([
  '<html>',
  'name',
  'name one',
  'name{a=b} 1',
  'name{a="b" 1',
  'name{a="b"c="d"} 1',
  '1name 2',
])('`%s` is an input error that names its line', (line) => {
  expect(() => parsePrometheus(`ok 1\n${line}\n`)).toThrow(InputError)
  expect(() => parsePrometheus(`ok 1\n${line}\n`)).toThrow(/^Expected line 2 to be/)
})
