import { Command } from 'commander'
import { InputError } from '../../core/errors.ts'
import type { Engine } from '../../engine/connect.ts'
import { formatSweepable } from '../format/sweepable.ts'
import { forgetCluster, keptDirectory } from '../kept-cluster.ts'
import { dryRunOption } from '../options/dry-run.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'

const downOptions = {
  dryRun: dryRunOption,
  json: {
    flags: '--json',
    description: 'print the ids, or with --dry-run the names of each id, as JSON',
  },
} as const satisfies OptionTable

type DownOptions = ValuesOf<typeof downOptions>

export function downCommand(): Command {
  const command = new Command('down')
    .description('remove clusters that `gauntlet up` keeps')
    .argument('[id...]', 'as `gauntlet up` printed them; all kept ones when none is given')
    .action(async (given: string[], { dryRun = false, json = false }: DownOptions) => {
      const { requireEngine } = await import('../require-engine.ts')
      const engine = await requireEngine()
      const ids = await expectKept(engine, given)
      const text = await (dryRun ? preview : remove)(engine, ids, json)
      process.stdout.write(`${text}\n`)
    })
  return addOptions(command, downOptions)
}

/** The ids, or those of all kept clusters when none is given. */
async function expectKept(engine: Engine, ids: readonly string[]): Promise<readonly string[]> {
  const { keptRuns } = await import('../../engine/cleanup/kept-runs.ts')
  const kept = await keptRuns(engine)
  for (const id of ids) {
    if (kept.includes(id)) continue
    const known = kept.length === 0 ? 'there is none' : `one of ${kept.join(', ')}`
    throw new InputError(`Expected the id of a kept cluster (${known}), got \`${id}\``, { id })
  }
  return ids.length === 0 ? kept : ids
}

async function remove(engine: Engine, ids: readonly string[], json: boolean): Promise<string> {
  const { sweep } = await import('../../engine/cleanup/sweep.ts')
  for (const id of ids) {
    await sweep(engine, { runId: id, force: true })
    forgetCluster(id)
  }
  if (json) return JSON.stringify(ids)
  return ids.length === 0 ? 'no cluster is kept' : `removed ${ids.join(', ')}`
}

async function preview(engine: Engine, ids: readonly string[], json: boolean): Promise<string> {
  const clusters = await Promise.all(ids.map((id) => previewOf(engine, id)))
  if (json) return JSON.stringify(clusters)
  if (clusters.length === 0) return 'no cluster is kept'
  return clusters
    .map((found) => `${formatSweepable(found)}\nwould remove directory ${found.directory}`)
    .join('\n')
}

async function previewOf(engine: Engine, id: string) {
  const { findSweepable } = await import('../../engine/cleanup/sweep.ts')
  const found = await findSweepable(engine, { runId: id, force: true })
  return { id, directory: keptDirectory(id), ...found }
}
