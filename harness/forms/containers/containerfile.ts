import type { FileForm } from '../file-form.ts'
import type { Variable } from '../given.ts'
import { etcdCommands, type Word } from '../text/etcd-command.ts'
import { isEtcdImage } from '../text/find-etcd.ts'
import { formatUnreadScript, namedScript } from '../text/named-script.ts'
import { type NamedRelease, releasesOf } from '../text/release-archives.ts'
import { expandParameters, shellWords } from '../text/shell.ts'
import { withoutMarks } from '../text/unresolved.ts'
import { readYaml } from '../text/yaml-document.ts'
import { readContainers } from './container-command.ts'

/** The recipe of an image that starts etcd: its ENV, ENTRYPOINT and CMD. */
export const containerfile: FileForm = {
  name: 'containerfile',
  title: 'a Dockerfile',
  recognises: ({ text }) =>
    /^FROM[ \t]+\S/im.test(text) && /^(CMD|ENTRYPOINT|RUN|COPY|ENV)[ \t]/im.test(text),
  read: ({ text }) => {
    const instructions = instructionsOf(text)
    const stages = stagesOf(instructions)
    const own = lastImage(stages)
    const base = own[0]?.base ?? ''
    const variables = own.reduce<BuildVariable[]>(addVariables, argumentsBefore(instructions))
    const words = commandOf(own)
    const reading = readContainers([
      {
        label: '',
        words,
        variables: variables.filter(({ isArgument }) => isArgument !== true),
        image: { reference: base, line: own[0]?.line ?? 1 },
        isEtcdImage: isEtcdImage(base),
      },
    ])
    if (reading.members.length > 0 || reading.problems.length > 0) {
      return { ...reading, releases: stages.flatMap((stage) => releasesIn(stage, instructions)) }
    }
    const script = namedScript(words)
    const found = script === undefined ? 'another one' : formatUnreadScript(script)
    const started = { variables: variables.filter(({ isArgument }) => isArgument !== true) }
    const problem = {
      line: script?.line ?? 1,
      expected: 'an image that starts etcd',
      found,
      ...(script && { script: { path: script.text, ...started } }),
    }
    const releases = stages.flatMap((stage) => releasesIn(stage, instructions))
    return { members: [], problems: [problem], releases }
  },
}

/** What the stage gets by RUN, ADD and `COPY --from`, also for a stage that copies it. */
function releasesIn({ instructions }: Stage, all: readonly Instruction[]): readonly NamedRelease[] {
  const variables = instructions.reduce(addVariable, argumentsBefore(all))
  const known = new Map(variables.map(({ name, value }) => [name, value]))
  return instructions.flatMap((instruction): readonly NamedRelease[] => {
    const { name, value, line, nearLine } = instruction
    if (name === 'RUN') {
      const { releases } = etcdCommands(value, known, line)
      return releases.map((one) => ({ ...one, line: nearLine }))
    }
    if (!/^(ADD|COPY)$/.test(name)) return []
    const words = shellWords(value, known).map((text) => ({ text, line: nearLine }))
    const [, from = ''] = /^--from=(\S+)/.exec(words[0]?.text ?? '') ?? []
    return isEtcdImage(from) ? [{ reference: from, line: nearLine }] : releasesOf(words)
  })
}

interface Stage {
  readonly name: string
  readonly base: string
  readonly line: number
  readonly instructions: readonly Instruction[]
}

/** Each FROM begins another image. */
function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const known = new Map(argumentsBefore(instructions).map(({ name, value }) => [name, value]))
  return instructions.flatMap(({ name, value, line }, index) => {
    if (name !== 'FROM') return []
    const words = withoutMarks(expandParameters(value, known))
    const [base = '', , alias = ''] = words.split(/\s+/).filter((word) => !word.startsWith('--'))
    const next = instructions.findIndex((each, at) => at > index && each.name === 'FROM')
    const own = instructions.slice(index + 1, next < 0 ? instructions.length : next)
    return [{ name: alias, base, line, instructions: own }]
  })
}

/** The last image is the one that runs: its stages, from the first that another image is under. */
function lastImage(stages: readonly Stage[]): readonly Stage[] {
  const chain: Stage[] = []
  let at = stages.length - 1
  for (let stage = stages[at]; stage !== undefined; stage = stages[at]) {
    chain.unshift(stage)
    const { base } = stage
    at = stages.slice(0, at).findLastIndex(({ name }) => name !== '' && name === base)
  }
  return chain
}

/** An ENTRYPOINT takes back the CMD of an image under it, and for a shell's line there is none. */
function commandOf(stages: readonly Stage[]): readonly Word[] {
  const last = (name: string) =>
    stages
      .flatMap(({ instructions }, stage) => instructions.map((each) => ({ ...each, stage })))
      .findLast((instruction) => instruction.name === name)
  const [entrypoint, command] = [last('ENTRYPOINT'), last('CMD')]
  if (entrypoint === undefined) return wordsOf(command)
  const isReset = command === undefined || command.stage < entrypoint.stage
  const isShell = listOf(entrypoint) === undefined
  return [...wordsOf(entrypoint), ...(isReset || isShell ? [] : wordsOf(command))]
}

/** One that only the build has is no variable of the container. */
interface BuildVariable extends Variable {
  readonly isArgument?: true
}

/** Those that ARG sets above the first FROM. */
function argumentsBefore(instructions: readonly Instruction[]): BuildVariable[] {
  const first = instructions.findIndex(({ name }) => name === 'FROM')
  return instructions.slice(0, first).reduce<BuildVariable[]>(addVariable, [])
}

function addVariables(variables: BuildVariable[], { instructions }: Stage): BuildVariable[] {
  return instructions.reduce(addVariable, variables)
}

function addVariable(variables: BuildVariable[], instruction: Instruction): BuildVariable[] {
  const isArgument = instruction.name === 'ARG'
  if (!isArgument && instruction.name !== 'ENV') return variables
  const known = new Map(variables.map(({ name, value }) => [name, value]))
  const read = variablesOf(instruction, known)
  return [...variables, ...read.map((each) => (isArgument ? { ...each, isArgument } : each))]
}

interface Instruction {
  readonly name: string
  readonly value: string
  readonly line: number
  /** Of its lines the first that names a release. */
  readonly nearLine: number
}

/** Lines that end in a backslash go on in the next one; comments between them are left out. */
function instructionsOf(text: string): readonly Instruction[] {
  const instructions: Instruction[] = []
  let open: Omit<Instruction, 'name'> | undefined
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return
    const continues = /\\\s*$/.test(raw)
    const part = raw.replace(/\\\s*$/, '').trim()
    const line = index + 1
    const isNear = open !== undefined && !isNamed.test(open.value) && isNamed.test(part)
    open = {
      line: open?.line ?? line,
      nearLine: isNear ? line : (open?.nearLine ?? line),
      value: open ? `${open.value} ${part}` : part,
    }
    if (continues) return
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/s.exec(open.value) ?? []
    instructions.push({ ...open, name: name.toUpperCase(), value })
    open = undefined
  })
  return instructions
}

const isNamed = /etcd-|releases\/download|etcd:/

/** A list of words, or a line for a shell. */
function wordsOf(instruction: Instruction | undefined): readonly Word[] {
  if (instruction === undefined) return []
  const { value, line } = instruction
  const list = listOf(instruction)
  return (list ?? ['/bin/sh', '-c', value]).map((text) => ({ text, line }))
}

function listOf({ value }: Instruction): readonly string[] | undefined {
  const [list] = value.startsWith('[') ? readYaml(value).documents : []
  if (list?.kind !== 'list') return undefined
  return list.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
}

/** `ENV A=1 B="2"` and the old `ENV A 1`. */
function variablesOf(
  { name: instruction, value, line }: Instruction,
  known: ReadonlyMap<string, string>,
): Variable[] {
  const [, old, rest] = /^(\w+)\s+(.*)$/s.exec(value) ?? []
  const isOld = instruction === 'ENV' && old !== undefined && rest !== undefined
  if (isOld)
    return [
      {
        name: old,
        value:
          shellWords(`${old}=${rest.replaceAll(/\s/g, '\\$&')}`, known)[0]?.slice(old.length + 1) ??
          '',
        line,
      },
    ]
  return shellWords(value, known).flatMap((word) => {
    const [, name, text] = /^(\w+)=(.*)$/s.exec(word) ?? []
    return name === undefined || text === undefined ? [] : [{ name, value: text, line }]
  })
}
