import { Command } from 'commander'
import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { positionalWords } from '../completion/positional-words.ts'
import { type CommandWords, renderCompletion, shells } from '../completion/render.ts'
import { choicesOf } from '../options/table.ts'

/** Completes the words of these commands. */
export function completionCommand(others: () => Promise<readonly Command[]>): Command {
  return new Command('completion')
    .description('print a script that completes commands, options and scenarios in a shell')
    .argument('<shell>', `one of ${shells.join(', ')}`)
    .addHelpText('after', help)
    .action(async (given: string) => {
      const shell = shells.find((name) => name === given)
      if (shell === undefined) {
        const known = shells.join(', ')
        const hint = suggestion(given, shells)
        throw new InputError(`Expected the shell to be one of ${known}, got \`${given}\`${hint}`)
      }
      const words = await Promise.all((await others()).map(wordsOf))
      process.stdout.write(renderCompletion(shell, words))
    })
}

const help = `
Examples:
  source <(gauntlet completion bash)
  gauntlet completion zsh > "\${fpath[1]}/_gauntlet"
  gauntlet completion fish > ~/.config/fish/completions/gauntlet.fish`

async function wordsOf(command: Command): Promise<CommandWords> {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.map((option) => ({
      name: option.long ?? option.flags,
      takesValue: option.required,
      choices: choicesOf(option),
    })),
    words: await positionalWords(command.name()),
  }
}
