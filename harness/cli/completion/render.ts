export const shells = ['bash', 'zsh', 'fish'] as const

type Shell = (typeof shells)[number]

/** What may be typed behind one command. */
export interface CommandWords {
  readonly name: string
  readonly description: string
  readonly options: readonly {
    readonly name: string
    readonly takesValue: boolean
    readonly choices: readonly string[]
  }[]
  /** What its arguments may be; a shell completes files where it is empty. */
  readonly words: readonly string[]
}

/** A script for that shell. All words are ours: letters, digits, dashes, dots and slashes. */
export function renderCompletion(shell: Shell, commands: readonly CommandWords[]): string {
  return `${renderers[shell](commands).join('\n')}\n`
}

const renderers: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string[]>> = {
  bash: (commands) => [...renderFunction(commands), 'complete -o default -F _gauntlet gauntlet'],
  // zsh runs bash's functions.
  zsh: (commands) => [
    '#compdef gauntlet',
    'autoload -U +X bashcompinit && bashcompinit',
    ...renderFunction(commands),
    'complete -o default -F _gauntlet gauntlet',
  ],
  fish: renderFish,
}

function renderFunction(commands: readonly CommandWords[]): string[] {
  return [
    '_gauntlet() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${commands.map(({ name }) => name).join(' ')}"`,
    '  else',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
    '    case "${COMP_WORDS[1]} $before" in',
    ...commands.flatMap(({ name, options }) =>
      options
        .filter(({ takesValue }) => takesValue)
        .map((option) => `      "${name} ${option.name}") words="${option.choices.join(' ')}" ;;`),
    ),
    ...commands.map(
      ({ name, options, words }) =>
        `      "${name} "*) words="${[...options.map((option) => option.name), ...words].join(' ')}" ;;`,
    ),
    '    esac',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
  ]
}

function renderFish(commands: readonly CommandWords[]): string[] {
  const first = commands.map(
    ({ name, description }) =>
      `complete -c gauntlet -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
  )
  const rest = commands.flatMap(({ name, options, words }) => {
    const inside = `complete -c gauntlet -n "__fish_seen_subcommand_from ${name}"`
    return [
      ...options.map(({ name: long, takesValue, choices }) => {
        const value = takesValue
          ? ` -r${choices.length > 0 ? ` -f -a "${choices.join(' ')}"` : ''}`
          : ''
        return `${inside} -l ${long.slice(2)}${value}`
      }),
      ...(words.length > 0 ? [`${inside} -f -a "${words.join(' ')}"`] : []),
    ]
  })
  return [...first, ...rest]
}

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
