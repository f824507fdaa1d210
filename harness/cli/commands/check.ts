import { Command, InvalidArgumentError, Option } from 'commander'
import type { Verdict } from '../../checkers/checker.ts'
import { judgeHistory } from '../../checkers/judge-history.ts'
import { exitCodes, GauntletError, messageOf } from '../../core/errors.ts'
import { readHistoryFile } from '../../history/codec.ts'
import type { Model } from '../../history/operations.ts'

interface CheckOptions {
  readonly model?: Model
  readonly initial?: { readonly value: unknown }
  readonly timeoutS: number
  readonly json?: boolean
}

/** One file's judgement; `error` when it could not be read at all. */
interface FileVerdict {
  readonly file: string
  readonly verdict: Verdict['verdict'] | 'unreadable'
  readonly operations: number
  readonly ms: number
  readonly reason?: string
  readonly evidence?: Verdict['evidence']
}

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
    .addHelpText('after', '\nExit codes: 0 all valid, 1 one invalid, 3 one given up, 2 unreadable.')
    .action(async (files: string[], options: CheckOptions) => {
      const verdicts: FileVerdict[] = []
      for (const file of files) {
        const verdict = await checkFile(file, options)
        verdicts.push(verdict)
        process.stdout.write(`${options.json === true ? JSON.stringify(verdict) : say(verdict)}\n`)
      }
      process.exitCode = exitCodeOf(verdicts.map(({ verdict }) => verdict))
    })
}

async function checkFile(file: string, options: CheckOptions): Promise<FileVerdict> {
  const startedMs = performance.now()
  const elapsedMs = () => Math.round(performance.now() - startedMs)
  try {
    const history = await readHistoryFile(file, options.model ? { model: options.model } : {})
    const verdict = judgeHistory(history, {
      ...(options.model !== undefined && { model: options.model }),
      ...(options.initial !== undefined && { initial: options.initial.value }),
      timeoutMs: options.timeoutS * 1000,
    })
    const { operations = 0, reason, evidence } = verdict
    return {
      file,
      verdict: verdict.verdict,
      operations,
      ms: elapsedMs(),
      ...(reason !== undefined && { reason }),
      ...(evidence !== undefined && { evidence }),
    }
  } catch (thrown) {
    if (!(thrown instanceof GauntletError)) throw thrown
    const reason = messageOf(thrown)
    return { file, verdict: 'unreadable', operations: 0, ms: elapsedMs(), reason }
  }
}

function say({ file, verdict, operations, ms, reason }: FileVerdict): string {
  if (verdict === 'unreadable') return `unreadable  ${reason}`
  const why = reason === undefined ? '' : `: ${reason}`
  return `${verdict.padEnd(10)}  ${file} (${operations} operations, ${ms} ms)${why}`
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
