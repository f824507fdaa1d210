import { Command } from 'commander'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { layerOptions } from '../config/layered-options.ts'
import { type NightlyOptions, nightlyOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'

const defaultDurationMs = 2 * 3_600_000

export function nightlyCommand(): Command {
  const command = new Command('nightly')
    .description('a sample of all suites and a chaos that fit a time, other ones each night')
    .addHelpText('after', help)
    .action(async (_options: unknown, command: Command) => {
      const { options } = await layerOptions<NightlyOptions>(command, nightlyOptions)
      await runNight(options)
    })
  return addOptions(command, nightlyOptions)
}

const help = `
The seed, printed first, decides what the night runs; --seed repeats it.
Examples:
  gauntlet nightly --duration 30m
  gauntlet nightly --duration 6h --etcd 3.5.30 --keep compressed`

/** Bounded: what the time does not reach is reported as not run. */
async function runNight(options: NightlyOptions): Promise<void> {
  const { duration: durationMs = defaultDurationMs, seed = randomSeed() } = options
  const { planNight } = await import('../run/nightly-plan.ts')
  const { runSuites } = await import('../run/run-suites.ts')
  const { chosenScenarios, select } = await import('../run/suites.ts')
  const scenarios = await chosenScenarios(await select([]))
  const night = planNight(scenarios, { durationMs, seed })
  stderrLog().step(`a night of ${night.scenarios.length} scenarios from seed ${seed}`)
  const depth = runOptions.depth.default
  await runSuites(
    night.scenarios,
    { ...options, depth, matrix: [], seed, duration: night.chaosMs },
    { mostMs: durationMs, lastBeginMs: night.lastBeginMs },
  )
}
