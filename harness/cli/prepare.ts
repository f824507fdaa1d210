import type { Log } from '../core/log.ts'
import { sweep } from '../engine/cleanup/sweep.ts'
import { connectEngine } from '../engine/connect.ts'
import { entryOf, loadCatalogue } from '../engine/images/catalogue.ts'
import { ensureToolbox, type ResolvedImage, resolveImage } from '../engine/images/images.ts'
import { readyEngine } from '../engine/images/setup.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { type ClusterOptions, nativeArchitecture, specOf } from './cluster-options.ts'

/** What a command needs before its first cluster. */
export interface Prepared {
  readonly spec: ClusterSpec
  readonly image: ResolvedImage
  readonly toolboxImage: string
}

/** Throws an InputError for anything wrong with the options; the engine is not touched. */
export function checkOptions(presetName: string, options: ClusterOptions): void {
  const { architecture, version } = chosen(options)
  const isOfCatalogue = options.image === undefined && !process.env.GAUNTLET_REGISTRY
  if (isOfCatalogue) entryOf(loadCatalogue(), version)
  specOf(presetName, options, { version, architecture })
}

/** Options that were checked → cluster and images, on a machine made ready. */
export async function prepare(
  presetName: string,
  options: ClusterOptions,
  log: Log,
): Promise<Prepared> {
  const { architecture, version } = chosen(options)
  await readyEngine(log)
  const image = await resolveImage({
    architecture,
    allowBuild: true,
    log,
    ...(options.image === undefined ? { version } : { image: options.image }),
  })
  const toolboxImage = await ensureToolbox({ log })
  await sweepLeftovers(log)
  return { spec: specOf(presetName, options, image), image, toolboxImage }
}

function chosen({ arch, etcd }: ClusterOptions) {
  return { architecture: arch ?? nativeArchitecture(), version: etcd ?? loadCatalogue().default }
}

/** What killed runs left behind; what a live process owns is left alone. */
async function sweepLeftovers(log: Log): Promise<void> {
  const { containers, networks, volumes } = await sweep(await connectEngine())
  if (containers + networks + volumes === 0) return
  log.step(
    `swept what an earlier run left: ${containers} containers, ${networks} networks, ${volumes} volumes`,
  )
}
