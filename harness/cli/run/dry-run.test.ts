import { expect, test } from 'vitest'
import { clusterSpec } from '../../topology/presets.ts'
import { formatDryRun, previewRun } from './dry-run.ts'
import { select } from './suites.ts'

// The first import of a suite takes long on a busy machine.

const spec = clusterSpec({ version: '3.5.30' })

test('a dry run says what runs, what this machine cannot do, and what it takes', async () => {
  const noTables = {
    name: 'iptables',
    available: false,
    detail: 'not permitted',
    lost: 'partitions',
  }
  const dry = await previewRun({
    selection: await select(['quorum-loss/leader-killed', 'quorum-loss/leader-isolated']),
    spec,
    depth: 'full',
    timeScale: 1,
    seed: 7,
    capabilities: [noTables],
    disk: import.meta.dirname,
  })
  const byId = new Map(dry.scenarios.map((one) => [one.id, one]))
  expect(byId.get('quorum-loss/leader-killed')).not.toHaveProperty('skip')
  expect(byId.get('quorum-loss/leader-isolated')?.skip).toBe(
    'this machine has no iptables: not permitted',
  )
  expect(dry).toMatchObject({ seed: 7, members: 3, notCovered: ['partitions (not permitted)'] })
  expect(dry.estimate.durationMs).toBe(byId.get('quorum-loss/leader-killed')?.aboutMs)
})

test('a chaos lasts as long as the run says, and takes the disk of its length', async () => {
  const preview = async (durationMs: number) =>
    previewRun({
      selection: await select(['chaos']),
      spec,
      depth: 'full',
      durationMs,
      timeScale: 1,
      seed: 7,
      capabilities: [],
      disk: import.meta.dirname,
    })
  const [short, long] = await Promise.all([preview(60_000), preview(3_660_000)])
  expect(long.estimate.durationMs - short.estimate.durationMs).toBe(
    3_600_000 * short.scenarios.length,
  )
  expect(long.estimate.diskBytes - short.estimate.diskBytes).toBeCloseTo(
    1e9 * short.scenarios.length,
    -3,
  )
})

test('a dry run of programs names them, and calls its version an assumption', async () => {
  const planned = {
    selection: await select(['quorum-loss/leader-killed']),
    spec,
    depth: 'full',
    timeScale: 1,
    seed: 7,
    capabilities: [],
    disk: import.meta.dirname,
  } as const
  const dry = await previewRun({ ...planned, from: '/builds/etcd' })
  expect(dry.etcd).toEqual({ version: '3.5.30', architecture: 'amd64', from: '/builds/etcd' })
  expect(formatDryRun(dry)).toContain(
    'etcd of /builds/etcd (planned as 3.5.30: its version shows when it runs) amd64, 3 members',
  )
  expect(formatDryRun(await previewRun(planned))).toMatch(/^etcd 3\.5\.30 amd64, 3 members/)
})
