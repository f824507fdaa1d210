import { Command } from 'commander'
import { sweep } from '../../engine/cleanup/sweep.ts'
import { requireEngine } from '../require-engine.ts'

export function cleanCommand(): Command {
  return new Command('clean')
    .description('remove containers, networks and volumes that killed runs left behind')
    .option('--all', 'also clusters kept by `gauntlet up` and what a run under way owns')
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', '\nTouches nothing that does not carry the label `gauntlet`.')
    .action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
      const swept = await sweep(await requireEngine(), { force: all === true })
      const { containers, networks, volumes } = swept
      process.stdout.write(
        json === true
          ? `${JSON.stringify(swept)}\n`
          : `removed ${containers} containers, ${networks} networks, ${volumes} volumes\n`,
      )
    })
}
