import { tryConfiguration } from '../cluster/configuration/try-configuration.ts'
import type { Log } from '../core/log.ts'
import { sweep } from '../engine/cleanup/sweep.ts'
import { connectEngine } from '../engine/connect.ts'
import { entryOf, loadCatalogue } from '../engine/images/catalogue.ts'
import type { ResolvedImage } from '../engine/images/choice.ts'
import { ensureToolbox } from '../engine/images/ensure-built.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import { readyEngine } from '../engine/images/setup.ts'
import { runningVersion, versionOfDeployment } from '../forms/deployment/deployment-spec.ts'
import { newRunId } from '../run-record/run-directory.ts'
import { timeScaleOf } from '../scenario/build-plan.ts'
import { standInFor } from '../topology/options/options.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { readDeploymentFiles } from './input/deployment-files.ts'
import { type ClusterOptions, nativeArchitecture } from './options/cluster.ts'
import { etcdChoiceOf, specOf } from './options/cluster-spec.ts'

/** What a command needs before its first cluster. */
export interface Prepared {
  readonly spec: ClusterSpec
  readonly image: ResolvedImage
  readonly toolboxImage: string
}

/**
 * The cluster that the options describe; with `--image` its version is not known yet. Throws an
 * InputError for the first wrong option, without touching the engine.
 */
export function checkOptions(presetName: string, options: ClusterOptions): ClusterSpec {
  const { architecture, version } = chooseVersion(options)
  const choice = etcdChoiceOf(options, { version, architecture })
  if (choice.version !== undefined) checkVersion(choice.version)
  return specOf(presetName, options, { version, architecture })
}

/** Throws an InputError for a version that the catalogue lacks, unless a registry may have it. */
export function checkVersion(version: string): void {
  if (!process.env.GAUNTLET_REGISTRY) entryOf(loadCatalogue(), version)
}

/** Checked options → spec and images, with the engine ready and leftovers swept. */
export async function prepare(
  presetName: string,
  options: ClusterOptions,
  log: Log,
): Promise<Prepared> {
  const { architecture, version, deployed } = chooseVersion(options)
  await readyEngine(log)
  const choice = etcdChoiceOf(options, { version, architecture })
  const image = await resolveImage({ ...choice, architecture, allowBuild: true, log })
  announceUnknown(image.version, log)
  if (deployed !== undefined && deployed !== image.version) {
    log.step(
      `the files start etcd ${deployed}, which is not here: etcd ${image.version} runs instead`,
    )
  }
  const toolboxImage = await ensureToolbox({ log })
  await sweepLeftovers(log)
  const spec = specOf(presetName, options, image)
  if (hasOwnOptions(spec)) {
    log.step('trying the options on one member')
    const runId = newRunId()
    const timeScale = timeScaleOf(image)
    await tryConfiguration({ spec, runId, image: image.reference, timeScale })
  }
  return { spec, image, toolboxImage }
}

/**
 * The version that was asked for, else that of the user's deployment or the one that stands for it,
 * with the deployment's own.
 */
function chooseVersion({ arch, etcd, from, form }: ClusterOptions) {
  const { default: fallback, versions } = loadCatalogue()
  const deployment = etcd === undefined ? readDeploymentFiles(from, form) : undefined
  const catalogued = versions.map(({ version: each }) => each)
  const running = runningVersion(deployment, { versions: catalogued, default: fallback })
  const version = etcd?.replace(/^v(?=\d)/, '') ?? running
  const deployed = deployment && versionOfDeployment(deployment)
  return { architecture: arch ?? nativeArchitecture(), version, deployed }
}

/** A version of which no table was read has the options of the nearest one, and this says so. */
function announceUnknown(version: string, log: Log): void {
  const other = standInFor(version)
  if (other === undefined) return
  log.step(`the options of etcd ${version} are not known: it is taken to have those of ${other}`)
}

/** Options that etcd may refuse, so that a mistake is known before the first scenario. */
function hasOwnOptions({ options, members, ports, clientSocket }: ClusterSpec): boolean {
  const hasOwnListeners = ports.clientHttp !== undefined || clientSocket !== undefined
  const hasOptions = [options, ...members.map((member) => member.options ?? {})].some(
    (each) => Object.keys(each).length > 0,
  )
  return hasOwnListeners || hasOptions
}

/** Removes what killed runs left behind, and nothing that a live process owns. */
async function sweepLeftovers(log: Log): Promise<void> {
  const { containers, networks, volumes } = await sweep(await connectEngine())
  if (containers + networks + volumes === 0) return
  log.step(
    `removed leftovers of earlier runs: ${containers} containers, ${networks} networks, ${volumes} volumes`,
  )
}
