#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { exitCodes, InputError } from '../core/errors.ts'
import { checkCommand } from './commands/check.ts'
import { cleanCommand } from './commands/clean.ts'
import { doctorCommand } from './commands/doctor.ts'
import { downCommand } from './commands/down.ts'
import { imagesCommand } from './commands/images.ts'
import { reportCommand } from './commands/report.ts'
import { runCommand } from './commands/run.ts'
import { upCommand } from './commands/up.ts'
import { endWith } from './end.ts'

const examples = `
Examples:
  gauntlet run                              every suite on a three-member mutual-TLS cluster
  gauntlet run quorum-loss --arch arm64     one suite, on emulated or native arm64 members
  gauntlet run --etcd 3.5.30 --flag heartbeat-interval=50
  gauntlet up three-mtls                    keep a cluster, print how to reach it
  gauntlet check history.jsonl              judge a saved history, no engine needed
  gauntlet doctor                           what this machine can and cannot do

Exit codes: 0 held, 1 broken or objective missed, 2 bad usage, 3 could not tell, 4 environment.`

function program(): Command {
  const gauntlet = new Command('gauntlet')
    .description('Chaos and conformance for etcd: real clusters, real faults, judged.')
    .addHelpText('after', examples)
  const commands = [
    runCommand(),
    upCommand(),
    downCommand(),
    checkCommand(),
    reportCommand(),
    imagesCommand(),
    doctorCommand(),
    cleanCommand(),
  ]
  for (const command of commands) gauntlet.addCommand(command)
  for (const command of [gauntlet, ...commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} })
  }
  return gauntlet
}

async function main(): Promise<void> {
  try {
    await program().parseAsync()
  } catch (thrown) {
    endWith(thrown instanceof CommanderError ? usageErrorOf(thrown) : thrown)
  }
}

/** `--help` is thrown too: it has printed, and is no error. */
function usageErrorOf(error: CommanderError): unknown {
  if (error.exitCode === exitCodes.held) return undefined
  if (error.code === 'commander.help') return new InputError('Expected a command, got none')
  const text = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  return new InputError(`${text} (see gauntlet --help)`)
}

await main()
