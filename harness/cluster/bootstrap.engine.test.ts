import { expect, test } from 'vitest'
import { startCluster } from './start.ts'
import { clusterPlan, defaultSpec } from './testing/setup.ts'

test.each(['discovery', 'dns'] as const)('members find each other by %s', async (bootstrap) => {
  await using cluster = await startCluster(clusterPlan({ spec: { ...defaultSpec, bootstrap } }))
  const { arguments: flags } = await (cluster.members[0] ?? expect.fail()).process()
  expect(flags.filter((flag) => flag.startsWith('--initial-cluster='))).toEqual([])
  expect(flags.some((flag) => flag.startsWith('--discovery'))).toBe(true)
  const statuses = await Promise.all(cluster.members.map((member) => member.status()))
  expect(new Set(statuses.map(({ clusterId }) => clusterId)).size).toBe(1)
})
