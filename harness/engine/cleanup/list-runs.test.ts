import { expect, test } from 'vitest'
import type { Docker, Engine } from '../connect.ts'
import { type ContainerLabels, labelsOf, ownerLabel } from './labels.ts'
import { listRuns } from './list-runs.ts'

const gone = (labels: ContainerLabels) => {
  return { ...labels, [ownerLabel]: labels[ownerLabel]?.replace(/[^/]+$/, '1') ?? '' }
}

const container = (name: string, Labels: ContainerLabels, Created: number, State = 'running') => {
  return { Id: name, Names: [`/${name}`], Labels, Created, State }
}

function engineWith(containers: readonly object[]): Engine {
  const docker: Partial<Record<keyof Docker, () => Promise<unknown>>> = {
    listContainers: async () => containers,
  }
  return { docker } as unknown as Engine
}

test('runs are listed with their members: kept, under way and left over, the oldest first', async () => {
  const kept = labelsOf({ runId: 'kept-one', keep: true }, 'member')
  const engine = engineWith([
    container('a', labelsOf({ runId: 'now' }, 'member'), 300),
    container('b', labelsOf({ runId: 'now' }, 'sidecar'), 310),
    container('c', gone(labelsOf({ runId: 'killed' }, 'member')), 200, 'exited'),
    container('d', gone(kept), 100),
    container('e', { gauntlet: 'not ours' }, 50),
  ])
  const runs = await listRuns(engine)
  expect(runs.map(({ id, kind, containers }) => [id, kind, containers])).toEqual([
    ['kept-one', 'kept', 1],
    ['killed', 'leftover', 1],
    ['now', 'running', 2],
  ])
  expect(runs[2]).toMatchObject({
    members: [{ container: 'a', state: 'running' }],
    startedAt: '1970-01-01T00:05:00.000Z',
    pid: process.pid,
  })
  expect(runs[1]?.members).toEqual([{ container: 'c', state: 'exited' }])
})
