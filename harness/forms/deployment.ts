import { basename, dirname } from 'node:path/posix'
import { InputError } from '../core/errors.ts'
import { joinDropIns } from './drop-ins.ts'
import type {
  FileForm,
  FileReading,
  GivenSetting,
  MemberReading,
  NotUnderstood,
  ReadFile,
} from './file-form.ts'
import { joinOverrides, joinResources } from './join-resources.ts'
import { mergeReadings, placed } from './merge-readings.ts'
import { formatProblem, type OpenedFile, openFile } from './open-files.ts'
import { placeIn } from './place.ts'
import { withoutProxies } from './proxies.ts'

export interface SourceFile {
  /** As the user gave it; for messages, and to find the files that others refer to. */
  readonly path: string
  readonly text: string
  /** Files whose text is part of it, in their order: each from a line of the text on. */
  readonly parts?: readonly { readonly path: string; readonly firstLine: number }[]
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
  /** Settings that are the user's to choose, with a value that no given file has. */
  readonly unresolved: readonly (GivenSetting & Placed)[]
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
  const given = joinOverrides(joinResources(joinDropIns(files))).map((file) => openFile(file, form))
  const opened = given.flat()
  const reading: Reading = { opened, used: new Set(), problems: [] }
  const { used, problems } = reading
  const withMembers = given.flatMap(membersFiles)
  for (const { reading: read, file } of withMembers) {
    problems.push(...read.problems.map((problem) => formatProblem(file, problem)))
  }
  const members = withMembers.flatMap((one) =>
    one.reading.members.flatMap((member, index) =>
      ownFilesOf(member, one, reading).map((own) => ({
        from: one,
        member: completed({ member, index, ...(own && { own }) }, one, reading),
      })),
    ),
  )
  const within = [...used].filter((one) => !withMembers.includes(one))
  for (const { reading: read, file } of within) {
    problems.push(...read.problems.map((problem) => formatProblem(file, problem)))
  }
  // A file that another one reads is no member of its own.
  const own = withoutProxies(
    members.filter(({ from }) => !used.has(from)).map(({ member }) => member),
    problems,
  )
  const [first, ...rest] = own
  if (problems.length === 0 && !own.some(hasSettings)) {
    const title = given[0]?.[0].form.title ?? 'no file'
    const nothing = { line: 1, expected: 'settings of etcd', found: `none in ${title}` }
    problems.push(formatProblem(files[0] ?? { path: '' }, nothing))
  }
  if (first === undefined || problems.length > 0) {
    throw new InputError(problems[0] ?? '', { problems })
  }
  return { forms: given.map(formsOf), members: [first, ...rest] }
}

function hasSettings({ settings, unresolved }: DeployedMember): boolean {
  return settings.length + unresolved.length > 0
}

/** Where the members are: a file that is only a wrapper has them in files within it, units first. */
function membersFiles([outer, ...within]: readonly [
  OpenedFile,
  ...OpenedFile[],
]): readonly OpenedFile[] {
  if (outer.reading.members.length > 0 || outer.reading.problems.length > 0) return [outer]
  const units = within.filter(({ form, reading }) => form.name === 'unit' && hasMembers(reading))
  if (units.length > 0) return units
  const isConfiguration = ({ form }: OpenedFile) => /^(yaml|environment)$/.test(form.name)
  return [
    within.find(({ reading }) => hasMembers(reading)) ?? within.find(isConfiguration) ?? outer,
  ]
}

const hasMembers = ({ members }: FileReading) => members.length > 0

function formsOf([outer]: readonly [OpenedFile, ...OpenedFile[]]): string {
  return outer.form.name
}

interface Reading {
  readonly opened: readonly OpenedFile[]
  /** Files that others read. */
  readonly used: Set<OpenedFile>
  readonly problems: string[]
}

/**
 * The files of which each makes a member of the only one that a file has: one unit, and an environment
 * or a configuration a member beside it under names of their own. Otherwise undefined, for the member
 * as it stands.
 */
function ownFilesOf(
  { reads = [] }: MemberReading,
  from: OpenedFile,
  { opened }: Reading,
): readonly (OpenedFile | undefined)[] {
  const wanted = reads.filter(({ kind }) => kind === 'environment' || kind === 'yaml')
  const [only] = wanted
  const isOne = from.reading.members.length === 1 && wanted.length === 1
  if (!isOne || only === undefined) return [undefined]
  const candidates = opened.filter(({ form }) => form.name === only.kind)
  const isNamed = candidates.some(({ name }) => name === basename(only.path))
  return isNamed || candidates.length < 2 ? [undefined] : candidates
}

interface MemberOfFile {
  readonly member: MemberReading
  readonly index: number
  /** In place of the file that it names. */
  readonly own?: OpenedFile
}

/** The member with what it gets from the files that it refers to. */
function completed(
  { member, index, own }: MemberOfFile,
  from: OpenedFile,
  reading: Reading,
): DeployedMember {
  const read = (member.reads ?? []).flatMap((one) => {
    const chosen = one.kind === own?.form.name ? own : undefined
    return resolve(one, { from, chosen }, reading)
  })
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
  const below = whole.environment === undefined ? [] : [placed(from.file, whole.environment)]
  const inForce = mergeReadings([...below, ...besides, placed(from.file, whole)], instead)
  const missing = (member.reads ?? [])
    .filter(
      ({ kind, path }) =>
        kind !== 'role-variables' && path !== '.env' && !read.some((one) => one.path === path),
    )
    .map((one) => ({ ...missingFile(one), ...placeIn(from.file, one.line) }))
  const notUnderstood = [...inForce.notUnderstood, ...missing]
  const { label, hasTls, count, image } = whole
  return {
    ...{ label, hasTls: hasTls === true, ...inForce, notUnderstood },
    ...(image !== undefined && {
      image: { reference: image.reference, ...placeIn(from.file, image.line) },
    }),
    ...(count !== undefined && { count }),
  }
}

/** A file that the member starts without, too: what it would set is not known. */
function missingFile({ path, line }: ReadFile): NotUnderstood {
  return {
    setting: path,
    value: '',
    line,
    why: 'a file that is read where there is one: give it too',
  }
}

/** The file among those given; a missing one is a problem unless the member starts without it. */
function resolve(
  { kind, path, line, isOptional, expands }: ReadFile,
  { from, chosen }: { readonly from: OpenedFile; readonly chosen: OpenedFile | undefined },
  reading: Reading,
) {
  const file = chosen ?? findFile(kind, path, { from, opened: reading.opened })
  if (file !== undefined) {
    reading.used.add(file)
    return [{ kind, path, file, expands }]
  }
  const expected = `the file ${path} to be given too, which etcd reads`
  const missing = formatProblem(from.file, { line, expected, found: 'no such file' })
  if (!isOptional) reading.problems.push(missing)
  return []
}

const formsOfKinds: Readonly<Record<ReadFile['kind'], string>> = {
  environment: 'environment',
  defaults: 'environment',
  yaml: 'yaml',
  'role-variables': 'group-vars',
}

/**
 * The file of that name, of several the one that is nearest to the file that reads it, or the only
 * one of its kind; `.env` goes by its name alone.
 */
function findFile(
  kind: ReadFile['kind'],
  path: string,
  { from, opened }: { readonly from: OpenedFile; readonly opened: readonly OpenedFile[] },
) {
  const candidates = opened.filter(({ form }) => form.name === formsOfKinds[kind])
  const [named] = candidates
    .filter(({ name }) => name === basename(path))
    .toSorted((a, b) => sharedFolders(from, b) - sharedFolders(from, a))
  if (named !== undefined || kind === 'defaults') return named
  return candidates.length === 1 ? candidates[0] : undefined
}

/** How many folders the paths of both have in common, from the first on. */
function sharedFolders(a: OpenedFile, b: OpenedFile): number {
  const [one, other] = [a, b].map(({ file }) => dirname(file.path).split('/')) as [
    string[],
    string[],
  ]
  const differs = one.findIndex((folder, index) => folder !== other[index])
  return differs < 0 ? one.length : differs
}
