import { Command } from 'commander'
import { startCluster } from '../../cluster/start.ts'
import { stderrLog } from '../../core/log.ts'
import { newRunId } from '../../run-record/run-directory.ts'
import { timeScaleOf } from '../../scenario/build-plan.ts'
import { presentPresetName, presets } from '../../topology/presets.ts'
import { type KeptCluster, keepCluster, keptDirectory, shellEnvironment } from '../kept-cluster.ts'
import { clusterOptions } from '../options/cluster.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { checkOptions, prepare } from '../prepare.ts'
import { formatRenamed } from '../suites.ts'

const upOptions = {
  ...clusterOptions,
  json: { flags: '--json', description: 'print the cluster as JSON' },
} as const satisfies OptionTable

export function upCommand(): Command {
  const command = new Command('up')
    .description('start a cluster and leave it running; prints an environment for etcdctl')
    .argument('[preset]', `one of ${Object.keys(presets).join(', ')}`, 'three-mtls')
    .addHelpText('after', example)
    .action(up)
  return addOptions(command, upOptions)
}

const example = `
Example:
  eval "$(gauntlet up three-mtls)" && etcdctl endpoint status --cluster -w table`

async function up(given: string, options: ValuesOf<typeof upOptions>): Promise<void> {
  const log = stderrLog()
  const presetName = presentPresetName(given)
  if (presetName !== given) log.warn(formatRenamed({ from: given, to: presetName }))
  checkOptions(presetName, options)
  const { spec, image, toolboxImage } = await prepare(presetName, options, log)
  const id = newRunId()
  const cluster = await startCluster({
    spec,
    runId: id,
    image: image.reference,
    toolboxImage,
    timeScale: timeScaleOf(image),
    keep: true,
    log,
  })
  const kept: KeptCluster = {
    id,
    version: image.version,
    members: cluster.members.map(({ name, clientEndpoint, metricsEndpoint }) => ({
      name,
      clientEndpoint,
      metricsEndpoint,
    })),
    directory: keptDirectory(id),
  }
  keepCluster(kept, cluster.credentials)
  log.step(`${spec.members.length} members of etcd ${image.version} are up; gauntlet down ${id}`)
  const { json } = options
  process.stdout.write(json === true ? `${JSON.stringify(kept)}\n` : shellEnvironment(kept))
}
