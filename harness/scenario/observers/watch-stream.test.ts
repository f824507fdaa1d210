import { expect, test } from 'vitest'
import type { Cluster, MemberStatus } from '../../cluster/types.ts'
import type { WatchRecorder } from '../../history/logs/watch-recorder.ts'
import { followStream } from './watch-stream.ts'

test('a watcher that is stopped while it asks whether its member is behind opens no stream', async () => {
  const stopping = new AbortController()
  const status = async () => {
    stopping.abort()
    return { revision: 5 } as MemberStatus
  }
  // This version does not keep a start in the future, so that a watcher asks first.
  const cluster = { spec: { version: '3.5.16' }, members: [{ name: 'm1', status }] }
  const noted: unknown[] = []
  await followStream(
    {
      cluster: cluster as unknown as Cluster,
      name: 'm1',
      recorder: {
        note: (entry: unknown) => noted.push(entry),
        freshStream: () => 0,
      } as unknown as WatchRecorder,
      route: { to: (endpoint) => ({ endpoint, credentials: undefined }) },
    },
    { next: 5, received: 0 },
    { signal: stopping.signal },
  )
  expect(noted).toEqual([])
})

test('a watcher at a member behind a gRPC proxy says so in the log, and others do not', async () => {
  const cluster = {
    spec: { version: '3.6.14', door: 'grpc-proxy' },
    members: [{ name: 'm1', clientEndpoint: 'http://127.0.0.1:1' }],
  } as unknown as Cluster
  const openingOf = async (more: { readonly direct?: true }) => {
    const noted: { readonly type: string }[] = []
    const recorder = { note: (entry: (typeof noted)[0]) => noted.push(entry), freshStream: () => 0 }
    await followStream(
      {
        cluster,
        name: 'm1',
        recorder: recorder as unknown as WatchRecorder,
        route: { to: (endpoint) => ({ endpoint, credentials: undefined }) },
        ...more,
      },
      { next: 5, received: 0 },
      { signal: new AbortController().signal },
    )
    return noted.find(({ type }) => type === 'open')
  }
  expect(await openingOf({ direct: true })).toMatchObject({ member: 'm1', direct: true })
  expect(await openingOf({})).not.toHaveProperty('direct')
})
