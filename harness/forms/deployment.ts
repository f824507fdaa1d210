import { basename } from 'node:path/posix'
import { InputError } from '../core/errors.ts'
import type { FileForm, GivenSetting, MemberReading, NotUnderstood, ReadFile } from './file-form.ts'
import { mergeReadings, placed } from './merge-readings.ts'
import { formatProblem, type OpenedFile, openFile } from './open-files.ts'

export interface SourceFile {
  /** As the user gave it; for messages, and to find the files that others refer to. */
  readonly path: string
  readonly text: string
}

/** Where a user's file says something. */
export interface Placed {
  readonly file: string
  readonly line: number
}

/** One member as the user's files configure it. */
export interface DeployedMember {
  readonly label: string
  /** In force: of each setting the one that etcd takes. */
  readonly settings: readonly (GivenSetting & Placed)[]
  readonly notUnderstood: readonly (NotUnderstood & Placed)[]
  /** Set as a flag and as a variable: etcd exits for it from 3.4 on, and 3.3 takes the flag. */
  readonly setTwice: readonly (Placed & { readonly setting: string })[]
  readonly image?: { readonly reference: string } & Placed
  readonly hasTls: boolean
  readonly count?: number
}

/** What the user's files say: at least one member; one alone is a template. */
export interface Deployment {
  /** Names of the forms, in the order of the files. */
  readonly forms: readonly string[]
  readonly members: readonly [DeployedMember, ...DeployedMember[]]
}

/**
 * Reads the files of one deployment: one for all members, or one a member, with the files that they
 * refer to beside them. Throws an InputError whose message is the first problem, with file, line,
 * what was expected and what was found; its field `problems` has them all.
 */
export function readDeployment(files: readonly SourceFile[], form?: FileForm): Deployment {
  const given = files.map((file) => openFile(file, form))
  const opened = given.flat()
  const reading: Reading = { opened, used: new Set(), problems: [] }
  const { used, problems } = reading
  for (const { reading: read, file } of given.map(membersFile)) {
    problems.push(...read.problems.map((problem) => formatProblem(file.path, problem)))
  }
  const members = given.map(membersFile).flatMap((one) =>
    one.reading.members.map((member, index) => ({
      from: one,
      member: completed({ member, index }, one, reading),
    })),
  )
  // A file that another one reads is no member of its own.
  const own = members.filter(({ from }) => !used.has(from)).map(({ member }) => member)
  const [first, ...rest] = own
  if (problems.length === 0 && !own.some(({ settings }) => settings.length > 0)) {
    const title = given[0]?.[0].form.title ?? 'no file'
    const nothing = { line: 1, expected: 'settings of etcd', found: `none in ${title}` }
    problems.push(formatProblem(files[0]?.path ?? '', nothing))
  }
  if (first === undefined || problems.length > 0) {
    throw new InputError(problems[0] ?? '', { problems })
  }
  return { forms: given.map(formsOf), members: [first, ...rest] }
}

/** Where the members are: a file that is only a wrapper has them in a file within it. */
function membersFile([outer, ...within]: readonly [OpenedFile, ...OpenedFile[]]): OpenedFile {
  if (outer.reading.members.length > 0 || outer.reading.problems.length > 0) return outer
  return within.find(({ reading }) => reading.members.length > 0) ?? within[0] ?? outer
}

function formsOf([outer]: readonly [OpenedFile, ...OpenedFile[]]): string {
  return outer.form.name
}

interface Reading {
  readonly opened: readonly OpenedFile[]
  /** Files that others read. */
  readonly used: Set<OpenedFile>
  readonly problems: string[]
}

/** The member with what it gets from the files that it refers to. */
function completed(
  { member, index }: { readonly member: MemberReading; readonly index: number },
  from: OpenedFile,
  reading: Reading,
): DeployedMember {
  const read = (member.reads ?? []).flatMap((one) => resolve(one, from, reading))
  const variables = read
    .filter(({ expands }) => expands)
    .flatMap(({ file }) => file.reading.members.flatMap((each) => [...(each.variables ?? [])]))
  const again =
    variables.length === 0 ? [] : from.form.read(from.content, new Map(variables)).members
  const whole = again[index] ?? member
  const besides = read
    .filter(({ kind }) => kind === 'environment' || kind === 'role-variables')
    .flatMap(({ file }) => file.reading.members.map((each) => placed(file.file, each)))
  const yaml = read.find(({ kind }) => kind === 'yaml')?.file
  const [fromYaml] = yaml?.reading.members ?? []
  const instead = yaml && fromYaml && placed(yaml.file, fromYaml)
  const inForce = mergeReadings([...besides, placed(from.file, whole)], instead)
  const { label, hasTls, count, image } = whole
  return {
    ...{ label, hasTls: hasTls === true, ...inForce },
    ...(image !== undefined && { image: { ...image, file: from.file.path } }),
    ...(count !== undefined && { count }),
  }
}

/** The file among those given; a missing one is a problem unless the member starts without it. */
function resolve(
  { kind, path, line, isOptional, expands }: ReadFile,
  from: OpenedFile,
  reading: Reading,
) {
  const file = findFile(kind, path, reading.opened)
  if (file !== undefined) {
    reading.used.add(file)
    return [{ kind, file, expands }]
  }
  const expected = `the file ${path} to be given too, which etcd reads`
  const missing = formatProblem(from.file.path, { line, expected, found: 'no such file' })
  if (!isOptional) reading.problems.push(missing)
  return []
}

const formsOfKinds: Readonly<Record<ReadFile['kind'], string>> = {
  environment: 'environment',
  defaults: 'environment',
  yaml: 'yaml',
  'role-variables': 'group-vars',
}

/** The file of that name, or the only one of its kind; `.env` goes by its name alone. */
function findFile(kind: ReadFile['kind'], path: string, opened: readonly OpenedFile[]) {
  const candidates = opened.filter(({ form }) => form.name === formsOfKinds[kind])
  const named = candidates.find(({ name }) => name === basename(path))
  if (named !== undefined || kind === 'defaults') return named
  return candidates.length === 1 ? candidates[0] : undefined
}
