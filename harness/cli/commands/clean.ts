import { Command } from 'commander'
import { formatSweepable } from '../format/sweepable.ts'
import { dryRunOption } from '../options/dry-run.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'

const cleanOptions = {
  all: {
    flags: '--all',
    description: 'also clusters kept by `gauntlet up` and what a run under way owns',
  },
  dryRun: dryRunOption,
  json: {
    flags: '--json',
    description: 'print the counts, or with --dry-run the names, as JSON',
  },
} as const satisfies OptionTable

type CleanOptions = ValuesOf<typeof cleanOptions>

export function cleanCommand(): Command {
  const command = new Command('clean')
    .description('remove containers, networks and volumes that killed runs left behind')
    .addHelpText('after', '\nTouches nothing that does not carry the label `gauntlet`.')
    .action(async (options: CleanOptions) => {
      const text = options.dryRun === true ? await preview(options) : await clean(options)
      process.stdout.write(`${text}\n`)
    })
  return addOptions(command, cleanOptions)
}

async function clean({ all = false, json = false }: CleanOptions): Promise<string> {
  const { engine, sweep } = await sweeper()
  const swept = await sweep(engine, { force: all })
  const { containers, networks, volumes } = swept
  return json
    ? JSON.stringify(swept)
    : `removed ${containers} containers, ${networks} networks, ${volumes} volumes`
}

async function preview({ all = false, json = false }: CleanOptions): Promise<string> {
  const { engine, findSweepable } = await sweeper()
  const found = await findSweepable(engine, { force: all })
  return json ? JSON.stringify(found) : formatSweepable(found)
}

async function sweeper() {
  const { requireEngine } = await import('../require-engine.ts')
  return { engine: await requireEngine(), ...(await import('../../engine/cleanup/sweep.ts')) }
}
