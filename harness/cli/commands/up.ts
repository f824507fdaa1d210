import { Command } from 'commander'
import { startCluster } from '../../cluster/cluster.ts'
import { stderrLog } from '../../core/log.ts'
import { newRunId } from '../../run-record/run-directory.ts'
import { timeScaleOf } from '../../scenario/build-plan.ts'
import { presets } from '../../topology/presets.ts'
import { addClusterOptions, type ClusterOptions } from '../cluster-options.ts'
import { type KeptCluster, keepCluster, keptDirectory, shellEnvironment } from '../kept-cluster.ts'
import { checkOptions, prepare } from '../prepare.ts'

interface UpOptions extends ClusterOptions {
  readonly json?: boolean
}

export function upCommand(): Command {
  const command = new Command('up')
    .description('raise a cluster and keep it; prints an environment for etcdctl')
    .argument('[preset]', `one of ${Object.keys(presets).join(', ')}`, 'three-mtls')
  return addClusterOptions(command)
    .option('--json', 'print the cluster as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  eval "$(gauntlet up three-mtls)" && etcdctl endpoint status --cluster -w table',
    )
    .action(up)
}

async function up(presetName: string, options: UpOptions): Promise<void> {
  checkOptions(presetName, options)
  const log = stderrLog()
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
