import { catalogue } from '../../faults/catalogue.ts'
import { presets } from '../../topology/presets.ts'
import { chosenScenarios, select, suiteNames } from '../run/suites.ts'

/** What may stand for a command's arguments, where that is no file. */
export async function positionalWords(command: string): Promise<readonly string[]> {
  if (command === 'run' || command === 'list') {
    const scenarios = await chosenScenarios(await select([]))
    return [...suiteNames(), ...scenarios.map(({ id }) => id)]
  }
  if (command === 'up') return Object.keys(presets)
  if (command === 'inject') return catalogue.map(({ name }) => name)
  return []
}
