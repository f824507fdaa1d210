import { expect, test } from 'vitest'
import { changedSince, parseSeries } from './metrics.ts'

const text = `# HELP etcd_server_has_leader Whether or not a leader exists.
# TYPE etcd_server_has_leader gauge
etcd_server_has_leader 1
etcd_network_peer_sent_bytes_total{To="8e9e05c52164694d"} 1.2e+03
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 3
etcd_disk_wal_fsync_duration_seconds_sum 0.25
go_goroutines 80
process_open_fds 33
etcd_debugging_summary{quantile="0.5"} NaN
`

test("only etcd's series and its process's are kept, without the buckets of histograms", () => {
  expect(Object.fromEntries(parseSeries(text))).toEqual({
    etcd_server_has_leader: 1,
    'etcd_network_peer_sent_bytes_total{To="8e9e05c52164694d"}': 1200,
    etcd_disk_wal_fsync_duration_seconds_sum: 0.25,
    process_open_fds: 33,
  })
})

test('a look says what changed since the last one, the first one everything', () => {
  const before = parseSeries(text)
  const now = parseSeries(text.replace('has_leader 1', 'has_leader 0'))
  expect(changedSince(before, now)).toEqual({ etcd_server_has_leader: 0 })
  expect(Object.keys(changedSince(undefined, now))).toHaveLength(4)
})

test('of the buckets those of syncs of disks from 64 ms on are kept', () => {
  const buckets = ['0.032', '0.064', '8.192', '+Inf'].map((le) => {
    return `etcd_disk_wal_fsync_duration_seconds_bucket{le="${le}"} 3`
  })
  const kept = [...parseSeries(`${buckets.join('\n')}\netcd_x_bucket{le="1"} 1\n`).keys()]
  expect(kept.map((series) => /le="(.*)"/.exec(series)?.[1])).toEqual(['0.064', '8.192', '+Inf'])
})
