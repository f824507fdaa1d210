import { Command } from 'commander'
import { layerOptions } from '../config/layered-options.ts'
import { type RunOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'

export function runCommand(): Command {
  const command = new Command('run')
    .description('run suites against clusters, judge the histories, write the report')
    .argument('[suite...]', 'suites, or single scenarios as suite/name; all when none is given')
    .addHelpText('after', help)
    .action(async (names: string[], _options: unknown, command: Command) => {
      const { options: layered, suites } = await layerOptions<RunOptions>(command, runOptions)
      const { takeMoreFiles } = await import('../input/deployment-files.ts')
      const { suiteNames } = await import('../run/suites.ts')
      const isSuite = (word: string) => suiteNames().includes(word.split('/')[0] ?? '')
      const { words, from } = takeMoreFiles(names, layered.from, isSuite)
      const options = { ...layered, from }
      const chosen = words.length === 0 ? suites : words
      if (options.matrix.length === 0) {
        const { runSuites } = await import('../run/run-suites.ts')
        return runSuites(chosen, options)
      }
      const { runMatrix } = await import('../matrix/run-matrix.ts')
      const isGiven = (key: string) => command.getOptionValueSource(key) === 'cli'
      return runMatrix(chosen, options, Object.keys(runOptions).filter(isGiven))
    })
  return addOptions(command, runOptions)
}

const help = `
Examples:
  gauntlet run --dry-run                            what would run here, and what it takes
  gauntlet run --depth quick                        the suites' most telling scenarios, as npm start
  gauntlet run quorum-loss/leader-killed            one scenario
  gauntlet run --from etcd.yaml --etcd 3.5.30       your own deployment, on another version
  gauntlet run --from a.env b.env c.env             one file a member
  gauntlet run --image registry.example/etcd:tuned  your own image
  gauntlet run chaos --duration 30m --seed 7        random faults, the same plan each time
  gauntlet run throughput --objective writesPerS=3000
  gauntlet run quorum-loss --matrix etcd=3.4.23,3.5.30 --matrix arch=amd64,arm64
  gauntlet run --shard 2/5 --seed 7                 one part of five; merge them by \`report --merge\`

Flags win over variables (GAUNTLET_MEMBERS=5), and those over gauntlet.config.ts.
SIGINT ends the scenario under way and reports what was judged; a second one exits at once.`
