import type { FileReading, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { fromVariables, type Variable } from '../given.ts'
import { readDotenv } from '../text/dotenv.ts'
import { variablesOfScript } from '../text/etcd-command.ts'
import type { Variables } from '../text/shell-parameters.ts'
import { readVariables } from '../text/systemd-environment.ts'

interface Read {
  readonly variables: readonly Variable[]
  readonly problems: readonly Problem[]
  /** Those of the variables that etcd gets; all, where it is missing. */
  readonly exported?: readonly Variable[]
}

/** Who reads a file of variables decides what its quotes, its comments and its `$` mean. */
const readers: Readonly<
  Record<NonNullable<ReadFile['reader']>, (text: string, known: Variables) => Read>
> = {
  systemd: readVariables,
  compose: readDotenv,
  runtime: readAsWritten,
  shell: variablesOfScript,
}

/** An environment file as `reader` reads it, where `known` has the variables of its own environment. */
export function readEnvironmentAs(
  { reader = 'systemd', kind }: Pick<ReadFile, 'reader' | 'kind'>,
  text: string,
  known: Variables,
): FileReading {
  const { variables, problems, exported = variables } = readers[reader](text, known)
  // What a shell takes from a file, etcd gets where it is exported, or where all is.
  const reaching = kind === 'environment' ? variables : exported
  const given = fromVariables(reaching)
  const member = {
    label: '',
    settings: given.settings,
    notUnderstood: given.notUnderstood,
    variables: new Map(variables.map(({ name, value }) => [name, value])),
  }
  return { members: [member], problems: [...problems, ...given.problems] }
}

/** As a container's runtime reads `--env-file`: quotes and all stay in the value, and a name alone comes from elsewhere. */
function readAsWritten(text: string, known: Variables): Read {
  const variables: Variable[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((raw, index) => {
    const written = raw.trimStart()
    const line = index + 1
    if (written === '' || written.startsWith('#')) return
    const [, name = '', assigned] = /^([^=]*)(?:=(.*))?$/s.exec(written) ?? []
    const value = assigned ?? known.get(name)
    if (name === '' || /\s/.test(name)) problems.push({ line, expected: 'NAME=value', found: raw })
    else if (value !== undefined) variables.push({ name, value, line })
  })
  return { variables, problems }
}
