import { Command } from 'commander'
import { toOneLine } from '../../../reports/text.ts'
import { type ExitCode, exitCodes, InputError } from '../../core/errors.ts'
import { isRobustnessReport } from '../../history/formats/robustness/is-report.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'
import { type CheckOptions, checkFile, type FileVerdict } from '../check/file.ts'
import { formatScenario, formatVerdict } from '../check/format-verdict.ts'
import { formats } from '../check/input.ts'
import { findStoredHistory, isDirectory } from '../check/store.ts'
import { formatJsonLine } from '../format/json-line.ts'
import { addOptions, type OptionTable } from '../options/table.ts'
import { json, oneOf, seconds } from '../options/value.ts'

const help = `
A history file is judged by its model. Its format is known from its content:
${formats.map(({ name, holds }) => `  ${name.padEnd(20)}${holds}`).join('\n')}
Of a directory of Jepsen's store, its history is judged.
A run's or a scenario's directory is judged again from its evidence, and compared with the verdict
that was saved: what differs is written to standard error.
What is odd about a file but changes nothing is written there too. Of several the worst decides the
exit code: 1 before 2, and 2 before 3.`

const forFiles = ['format', 'model', 'initial', 'timeoutS'] as const

const checkOptions = {
  format: {
    flags: '--format <name>',
    description: 'read files in this format, whatever their content shows',
    value: oneOf(...formats.map(({ name }) => name)),
  },
  model: {
    flags: '--model <model>',
    description:
      'judge a history by this model: etcd, cas-register, kv or set; default: its header’s',
    value: oneOf('etcd', 'cas-register', 'kv', 'set'),
  },
  initial: {
    flags: '--initial <json>',
    description: "the initial value of a history's registers, as JSON",
    value: json,
  },
  timeoutS: {
    flags: '--timeout-s <seconds>',
    description: 'give up on a history after this long',
    value: seconds,
    default: 60,
  },
  json: { flags: '--json', description: 'one JSON line a history or scenario' },
} as const satisfies OptionTable

export function checkCommand(): Command {
  const command = new Command('check')
    .description('judge saved histories and runs; needs no engine')
    .argument('<path...>', 'history files, run or scenario directories')
    .addHelpText('after', help)
    .action(async (paths: string[], options: CheckOptions, command: Command) => {
      const codes: ExitCode[] = []
      for (const given of paths) {
        const path = findStoredHistory(given) ?? given
        if (await isForeignOrFile(path)) codes.push(await checkOneFile(path, options))
        else {
          expectNoOptionsForFiles(path, command)
          // A file needs none of what judges a directory.
          const { checkDirectory } = await import('../check/directory.ts')
          const show = (scenario: CheckedScenario) => showScenario(scenario, options)
          const noteDifference = (difference: string) => note(`${path}: ${difference}`)
          codes.push(await checkDirectory(path, show, noteDifference))
        }
      }
      process.exitCode = worst.find((code) => codes.includes(code)) ?? exitCodes.held
    })
  return addOptions(command, checkOptions)
}

/** A violation outweighs what could not be read, and that one a judgement given up. */
const worst = [exitCodes.broken, exitCodes.usage, exitCodes.inconclusive]

/** A report of another program is a directory too, and judged as a history is. */
async function isForeignOrFile(path: string): Promise<boolean> {
  return !isDirectory(path) || (await isRobustnessReport(path))
}

function expectNoOptionsForFiles(directory: string, command: Command): void {
  const given = forFiles.filter((name) => command.getOptionValueSource(name) === 'cli')
  if (given.length === 0) return
  const names = '`--format`, `--model`, `--initial` and `--timeout-s`'
  throw new InputError(`Expected ${names} with history files only, got a directory: ${directory}`)
}

async function checkOneFile(file: string, options: CheckOptions): Promise<ExitCode> {
  const verdict = await checkFile(file, options)
  warn(verdict.warnings ?? [])
  print(verdict, options, formatVerdict)
  return codeOf[verdict.verdict]
}

const codeOf: Readonly<Record<FileVerdict['verdict'], ExitCode>> = {
  valid: exitCodes.held,
  invalid: exitCodes.broken,
  unreadable: exitCodes.usage,
  unknown: exitCodes.inconclusive,
}

function showScenario(checked: CheckedScenario, options: CheckOptions): void {
  const { scenario, outcome, reason, verdicts, differences, warnings } = checked
  warn(warnings)
  for (const difference of differences) note(`${scenario}: ${difference}`)
  const brief = verdicts.map(({ checker, verdict, code, reason, factsJudged }) => {
    return { checker, verdict, code, reason, factsJudged }
  })
  print({ scenario, outcome, reason, verdicts: brief }, options, formatScenario)
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) note(`warning: ${warning}`)
}

function note(text: string): void {
  process.stderr.write(`${toOneLine(text)}\n`)
}

function print<Line>(line: Line, { json }: CheckOptions, format: (line: Line) => string): void {
  process.stdout.write(`${json === true ? formatJsonLine(line) : format(line)}\n`)
}
