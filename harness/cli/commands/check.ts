import { Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes, messageOf } from '../../core/errors.ts'
import { type CheckOptions, checkFile, type FileVerdict } from './check-file.ts'
import { encodeVerdict, formatVerdict } from './format-verdict.ts'

const help = `
What is odd about a file but changes nothing is said on standard error, and in \`warnings\` of --json.
Exit codes: 0 all valid, 1 one invalid, 3 one given up, 2 unreadable.`

export function checkCommand(): Command {
  return new Command('check')
    .description('judge saved histories; needs no engine')
    .argument('<file...>', 'history files (JSONL, format gauntlet-history/1)')
    .addOption(
      new Option('--model <model>', 'judge by this model, whatever the header says').choices([
        'etcd',
        'cas-register',
        'kv',
      ]),
    )
    .option('--initial <json>', "the registers' initial value, as JSON", parseJson)
    .option('--timeout-s <seconds>', 'give up on a file after this long', positive, 60)
    .option('--json', 'one JSON line a file')
    .addHelpText('after', help)
    .action(async (files: string[], options: CheckOptions) => {
      const verdicts: FileVerdict['verdict'][] = []
      for (const file of files) {
        const verdict = await checkFile(file, options)
        verdicts.push(verdict.verdict)
        show(verdict, options)
      }
      process.exitCode = exitCodeOf(verdicts)
    })
}

function show(verdict: FileVerdict, { json }: CheckOptions): void {
  for (const warning of verdict.warnings ?? []) process.stderr.write(`warning: ${warning}\n`)
  process.stdout.write(`${json === true ? encodeVerdict(verdict) : formatVerdict(verdict)}\n`)
}

/** A violation outweighs a file that could not be read, and that one a judgement given up. */
function exitCodeOf(verdicts: readonly FileVerdict['verdict'][]): number {
  if (verdicts.includes('invalid')) return exitCodes.broken
  if (verdicts.includes('unreadable')) return exitCodes.usage
  if (verdicts.includes('unknown')) return exitCodes.inconclusive
  return exitCodes.held
}

function parseJson(text: string): { value: unknown } {
  try {
    return { value: JSON.parse(text) }
  } catch (thrown) {
    throw new InvalidArgumentError(`Expected JSON such as null, 0 or "v1": ${messageOf(thrown)}.`)
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError(`Expected a number of seconds above 0, got \`${text}\`.`)
  }
  return value
}
