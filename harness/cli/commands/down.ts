import { Command } from 'commander'
import { InputError } from '../../core/errors.ts'
import { keptRuns } from '../../engine/cleanup/kept-runs.ts'
import { sweep } from '../../engine/cleanup/sweep.ts'
import { forgetCluster } from '../kept-cluster.ts'
import { requireEngine } from '../require-engine.ts'

export function downCommand(): Command {
  return new Command('down')
    .description('remove clusters that `gauntlet up` keeps')
    .argument('[id...]', 'as `gauntlet up` printed them; all kept ones when none is given')
    .option('--json', 'print the ids as JSON')
    .action(async (ids: string[], { json }: { json?: boolean }) => {
      const engine = await requireEngine()
      const kept = await keptRuns(engine)
      for (const id of ids) {
        if (kept.includes(id)) continue
        const known = kept.length === 0 ? 'there is none' : `one of ${kept.join(', ')}`
        throw new InputError(`Expected the id of a kept cluster (${known}), got \`${id}\``, { id })
      }
      const removed = ids.length === 0 ? kept : ids
      for (const id of removed) {
        await sweep(engine, { runId: id, force: true })
        forgetCluster(id)
      }
      const text = removed.length === 0 ? 'no cluster is kept' : `removed ${removed.join(', ')}`
      process.stdout.write(`${json === true ? JSON.stringify(removed) : text}\n`)
    })
}
