import { randomBytes } from 'node:crypto'
import { stderrLog } from '../../core/log.ts'
import { filtersOf, runLabel } from '../../engine/cleanup/labels.ts'
import type { Engine } from '../../engine/connect.ts'
import { ensureToolbox } from '../../engine/images/ensure-built.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { ClusterPlan } from '../plan.ts'

const log = stderrLog()
export const etcdImage = await resolveImage({ architecture: 'native', allowBuild: true, log })
export const toolboxImage = await ensureToolbox({ log })

/** The default cluster of the catalogue's default version, for this machine. */
export const defaultSpec = clusterSpec({
  version: etcdImage.version,
  architecture: etcdImage.architecture,
})

/** A three-member mutual-TLS cluster under a run id of its own, by which its leftovers are found. */
export function clusterPlan(overrides: Partial<ClusterPlan> = {}): ClusterPlan {
  const runId = `suite-cluster-${randomBytes(4).toString('hex')}`
  return { spec: defaultSpec, runId, image: etcdImage.reference, toolboxImage, ...overrides }
}

/** Everything at the engine that carries the label of that run, as readable names. */
export async function foundOf(engine: Engine, runId: string): Promise<string[]> {
  const filters = filtersOf([`${runLabel}=${runId}`])
  const { docker } = engine
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ])
  return [
    ...containers.map(({ Names }) => `container ${Names.join()}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(volumes.Volumes ?? []).map(({ Name }) => `volume ${Name}`),
  ]
}
