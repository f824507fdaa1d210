import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { Command, CommanderError } from 'commander'
import { exitCodes, InputError } from '../core/errors.ts'
import { addExitCodes, type CommandName } from './exit-codes.ts'
import { endWith } from './process/end.ts'

const examples = `
Examples:
  gauntlet run                              every suite on a three-member mutual-TLS cluster
  gauntlet run quorum-loss --arch arm64     one suite, on emulated or native arm64 members
  gauntlet run --etcd 3.5.30 --flag heartbeat-interval=50
  gauntlet up three-mtls                    start a cluster, print how to reach it
  gauntlet inject kill leader --for 10s     put a fault on it, prove it, undo it
  gauntlet verify                           look at it, or at your own cluster, read-only
  gauntlet list quorum-loss                 what there is to run, and what it does
  gauntlet run --from etcd.yaml             your own deployment, from its file
  gauntlet check history.jsonl              judge a saved history, no engine needed
  gauntlet bundle reports/out/<run-id>      a finding, to attach to a bug report
  gauntlet nightly --duration 30m           a sample of everything, another one each night
  gauntlet bench --sweep                    how many writes a second a cluster serves
  gauntlet doctor                           what this machine can and cannot do

Exit codes: 0 held, 1 broken or objective missed, 2 bad usage, 3 could not tell, 4 environment; each
command's --help has what they mean there.`

/**
 * Runs the command that the words after `gauntlet` name. What is thrown becomes one line on standard
 * error; the exit code is the process's.
 */
export async function runGauntlet(args: readonly string[]): Promise<void> {
  try {
    await (await program(args[0])).parseAsync(args, { from: 'user' })
  } catch (thrown) {
    endWith(thrown instanceof CommanderError ? usageErrorOf(thrown, args[0]) : thrown)
  }
}

/** Loads only the named command: `check` must not wait for the engine's client. */
export const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand(),
  up: async () => (await import('./commands/up.ts')).upCommand(),
  down: async () => (await import('./commands/down.ts')).downCommand(),
  inject: async () => (await import('./commands/inject.ts')).injectCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  list: async () => (await import('./commands/list.ts')).listCommand(),
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  bench: async () => (await import('./commands/bench.ts')).benchCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  nightly: async () => (await import('./commands/nightly.ts')).nightlyCommand(),
  gate: async () => (await import('./commands/gate.ts')).gateCommand(),
  bundle: async () => (await import('./commands/bundle.ts')).bundleCommand(),
  ps: async () => (await import('./commands/ps.ts')).psCommand(),
  completion: async () =>
    (await import('./commands/completion.ts')).completionCommand(loadOtherCommands),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  images: async () => (await import('./commands/images.ts')).imagesCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  clean: async () => (await import('./commands/clean.ts')).cleanCommand(),
}

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word)
}

/** For their words in a shell; `completion` itself completes its own. */
function loadOtherCommands(): Promise<readonly Command[]> {
  const others = Object.entries(commands).filter(([name]) => name !== 'completion')
  return Promise.all(others.map(([, load]) => load()))
}

async function program(name = ''): Promise<Command> {
  const gauntlet = new Command('gauntlet')
    .description('Chaos and conformance for etcd: real clusters, real faults, judged.')
    .version(ownVersion(), '-V, --version', 'print the version of gauntlet')
    .addHelpText('after', examples)
  const named = isCommandName(name) ? [commands[name]] : Object.values(commands)
  const loaded = await Promise.all(named.map((load) => load()))
  for (const command of loaded) gauntlet.addCommand(addExitCodes(command))
  for (const command of [gauntlet, ...loaded]) {
    command.exitOverride().configureOutput({ outputError: () => {} })
  }
  return gauntlet
}

function ownVersion(): string {
  const file = findPackageJSON(import.meta.url)
  if (file === undefined) throw new RangeError('Expected a package.json above this module')
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}

/** commander throws for `--help` too, which is no error. */
function usageErrorOf(error: CommanderError, name = ''): unknown {
  if (error.exitCode === exitCodes.held) return undefined
  if (error.code === 'commander.help') return new InputError('Expected a command, got none')
  const [text = '', hint = ''] = error.message.replace(/^error: /, '').split('\n')
  const [, names = ''] = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(hint) ?? []
  const meant = names === '' ? '' : ` (did you mean \`${names.replaceAll(', ', '` or `')}\`?)`
  const help = isCommandName(name) ? `gauntlet ${name} --help` : 'gauntlet --help'
  return new InputError(`${text}${meant}; see ${help}`)
}
