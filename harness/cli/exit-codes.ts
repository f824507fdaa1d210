import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../core/errors.ts'

type Meanings = Readonly<Partial<Record<keyof typeof exitCodes, string>>>

const usage = 'bad usage or input'
const noEngine = 'no engine answers'
const noImage = 'no engine answers, or it can have no such image'
const ofRun: Meanings = {
  held: 'every scenario held, or showed a known issue',
  broken: 'a guarantee was broken, an objective missed, or a self test failed',
  usage,
  inconclusive: 'a scenario is inconclusive, or none was judged',
  environment: `${noImage}, or the directory has no room`,
}

/**
 * What the exit codes of each command mean. A code that is left out is one that the command has only
 * for a defect of its own, which is 3. `--help` of each command and docs/EXIT_CODES.md show them.
 */
export const exitCodeMeanings = {
  run: ofRun,
  nightly: ofRun,
  up: {
    held: 'the cluster is up',
    usage: 'bad usage or input, or options that etcd refuses',
    inconclusive: 'a member exited, or the cluster did not become healthy in time',
    environment: noImage,
  },
  down: {
    held: 'the clusters are removed, or none is kept',
    usage,
    inconclusive: 'something of them is still in use',
    environment: noEngine,
  },
  inject: {
    held: 'the fault was in force, is undone, and every member is healthy again',
    broken: 'the cluster is not healthy again afterwards',
    usage,
    inconclusive: 'the fault had no effect',
    environment:
      'no engine answers, the cluster is gone, or this machine lacks what the fault needs',
  },
  verify: {
    held: 'no fault was found',
    broken: 'a fault was found',
    usage: 'bad usage or input, or a wrong password',
    environment: 'no endpoint answers',
  },
  bench: {
    held: 'it is measured',
    broken: 'the count of writes disagrees with etcd’s revisions',
    usage: 'bad usage or input, or a client whom the cluster rejects',
    inconclusive: 'it was interrupted, the cluster stopped answering, or a tool failed',
    environment: `an endpoint does not answer; without \`--endpoints\`: ${noImage}`,
  },
  check: {
    held: 'all are valid, or held',
    broken: 'one is invalid, or broken',
    usage: 'one cannot be read, or evidence differs from what was judged',
    inconclusive: 'one was given up, or is inconclusive',
  },
  gate: {
    held: 'nothing new is broken',
    broken: 'something new is broken',
    usage,
    inconclusive: 'no scenario was judged',
  },
  inspect: {
    held: 'the files are understood',
    broken: 'the version of `--to` ignores a setting, or exits for one',
    usage: 'bad usage, or a file that cannot be read or understood',
  },
  bundle: { held: 'the archive is written', usage: 'bad usage or input, or nothing is broken' },
  report: { held: 'the reports are written', usage },
  list: { held: 'what there is is printed', usage },
  completion: { held: 'the script is printed', usage },
  images: { held: 'the image is there', usage, environment: noImage },
  ps: { held: 'what exists is printed', usage, environment: noEngine },
  doctor: { held: 'an engine answers', usage, environment: noEngine },
  clean: {
    held: 'what was left over is removed',
    usage,
    inconclusive: 'something of it is still in use',
    environment: noEngine,
  },
} as const satisfies Readonly<Record<string, Meanings>>

/** A command whose exit codes are known, so that no command comes without them. */
export type CommandName = keyof typeof exitCodeMeanings

/** The codes of a command and their meanings, in ascending order. */
export function exitCodesOf(name: CommandName): readonly (readonly [ExitCode, string])[] {
  const meanings: Meanings = exitCodeMeanings[name]
  const codes = Object.entries(exitCodes) as [keyof Meanings, ExitCode][]
  return codes.flatMap(([key, code]) => {
    const meaning = meanings[key]
    return meaning === undefined ? [] : [[code, meaning] as const]
  })
}

/** Shows them at the end of the command's `--help`. */
export function addExitCodes(command: Command): Command {
  const lines = exitCodesOf(command.name() as CommandName).map(
    ([code, text]) => `  ${code}  ${text}`,
  )
  return command.addHelpText('after', `\nExit codes:\n${lines.join('\n')}`)
}
