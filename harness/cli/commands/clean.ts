import { Command } from 'commander'
import { findSweepable, sweep } from '../../engine/cleanup/sweep.ts'
import { formatSweepable } from '../format-sweepable.ts'
import { requireEngine } from '../require-engine.ts'

interface CleanOptions {
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function cleanCommand(): Command {
  return new Command('clean')
    .description('remove containers, networks and volumes that killed runs left behind')
    .option('--all', 'also clusters kept by `gauntlet up` and what a run under way owns')
    .option('--dry-run', 'print the names of what would be removed, and remove nothing')
    .option('--json', 'print the counts, or with --dry-run the names, as JSON')
    .addHelpText('after', '\nTouches nothing that does not carry the label `gauntlet`.')
    .action(async (options: CleanOptions) => {
      const text = options.dryRun === true ? await preview(options) : await clean(options)
      process.stdout.write(`${text}\n`)
    })
}

async function clean({ all = false, json = false }: CleanOptions): Promise<string> {
  const swept = await sweep(await requireEngine(), { force: all })
  const { containers, networks, volumes } = swept
  return json
    ? JSON.stringify(swept)
    : `removed ${containers} containers, ${networks} networks, ${volumes} volumes`
}

async function preview({ all = false, json = false }: CleanOptions): Promise<string> {
  const found = await findSweepable(await requireEngine(), { force: all })
  return json ? JSON.stringify(found) : formatSweepable(found)
}
