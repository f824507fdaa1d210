import { Command } from 'commander'
import { formatLength } from '../../core/text/format-length.ts'
import type { FoundRun } from '../../engine/cleanup/list-runs.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'

const psOptions = {
  json: { flags: '--json', description: 'print the runs as JSON' },
} as const satisfies OptionTable

export function psCommand(): Command {
  const command = new Command('ps')
    .description('clusters and runs of ours that exist now: kept, under way or left over')
    .addHelpText(
      'after',
      '\n`gauntlet down` removes kept clusters, `gauntlet clean` what is left over.',
    )
    .action(async ({ json }: ValuesOf<typeof psOptions>) => {
      const { requireEngine } = await import('../require-engine.ts')
      const { listRuns } = await import('../../engine/cleanup/list-runs.ts')
      const runs = await listRuns(await requireEngine())
      const text = json === true ? JSON.stringify(runs) : formatRuns(runs)
      process.stdout.write(`${text}\n`)
    })
  return addOptions(command, psOptions)
}

const kinds = { kept: 'kept', running: 'under way', leftover: 'left over' } as const

export function formatRuns(runs: readonly FoundRun[], now = Date.now()): string {
  if (runs.length === 0) return 'nothing of ours exists'
  return runs
    .map(({ id, kind, members, containers, startedAt, pid }) => {
      const up = members.filter(({ state }) => state === 'running').length
      const parts = [
        kinds[kind],
        `${up} of ${members.length} members run`,
        `${containers} containers`,
        `since ${formatLength(now - Date.parse(startedAt))}`,
        ...(kind === 'running' ? [`process ${pid}`] : []),
      ]
      return `${id}  ${parts.join(', ')}`
    })
    .join('\n')
}
