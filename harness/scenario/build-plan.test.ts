import { expect, test } from 'vitest'
import type { ResolvedImage } from '../engine/images/choice.ts'
import { buildPlan } from './build-plan.ts'

const image = {
  version: '3.5.16',
  reference: 'etcd',
  digest: 'sha256:0',
  architecture: 'amd64',
  emulated: false,
} as ResolvedImage

test('a run records what no fault covers beside what its machine cannot do', () => {
  const netem = { name: 'netem', available: false, detail: 'no module' }
  const where = { runId: 'r', directory: 'd', toolboxImage: 't' }
  const { capabilities } = buildPlan({ image, ...where, capabilities: [netem] })
  expect(capabilities).toEqual([
    netem,
    expect.objectContaining({ name: 'clock-skew', available: false, lost: expect.any(String) }),
  ])
})
