import { Command } from 'commander'
import { exitCodes, InputError } from '../../core/errors.ts'
import {
  type BaselineComparison,
  baselineOf,
  compareWithBaseline,
  readBaseline,
} from '../../run-record/compare/baseline.ts'
import { replaceJson } from '../../run-record/files.ts'
import { readRun, verdictOf } from '../../run-record/run-directory.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText } from '../options/value.ts'

const gateOptions = {
  baseline: {
    flags: '--baseline <file>',
    description: 'what may be broken, as --save wrote it',
    value: anyText,
  },
  save: {
    flags: '--save',
    description: 'write what is broken now into the baseline, instead of comparing',
  },
  json: { flags: '--json', description: 'print the comparison as JSON' },
} as const satisfies OptionTable

const help = `
Examples:
  gauntlet gate reports/out/<run-id> --baseline baseline.json --save
  gauntlet gate reports/out/<run-id> --baseline baseline.json`

export function gateCommand(): Command {
  const command = new Command('gate')
    .description('fail only on what a run breaks that a saved baseline does not have')
    .argument('<directory...>', 'run directories, such as reports/out/<run-id>')
    .addHelpText('after', help)
    .action(gate)
  return addOptions(command, gateOptions)
}

function gate(directories: readonly string[], options: ValuesOf<typeof gateOptions>): void {
  const { baseline: file, save = false, json = false } = options
  if (file === undefined) throw new InputError('Expected `--baseline` with a file, got none')
  const runs = directories.map(readRun)
  if (save) {
    replaceJson(file, baselineOf(runs))
    process.stdout.write(`${file}\n`)
    return
  }
  const comparison = compareWithBaseline(runs, readBaseline(file))
  process.stdout.write(`${json ? JSON.stringify(comparison) : format(comparison)}\n`)
  const judged = runs.map((run) => verdictOf(run).counts)
  const isJudged = judged.some((counts) => counts.held + counts.broken + counts['known-issue'] > 0)
  if (comparison.added.length > 0) process.exitCode = exitCodes.broken
  else if (!isJudged) process.exitCode = exitCodes.inconclusive
}

function format({ added, known, mended, undecided }: BaselineComparison): string {
  const named = (label: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : [`${label}: ${ids.join(', ')}`]
  return [
    ...added.map(({ place, broken }) => `new: ${place} breaks ${broken.join(', ')}`),
    ...named('broken as before', known),
    ...named('holds again, so take it out of the baseline', mended),
    ...named('not decided', undecided),
    added.length === 0 ? 'nothing new is broken' : `${added.length} new`,
  ].join('\n')
}
