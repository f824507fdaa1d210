import { basename } from 'node:path/posix'
import { InputError } from '../core/errors.ts'
import { environmentFile } from './environment-file.ts'
import type {
  FileForm,
  FileReading,
  GivenSetting,
  MemberReading,
  NotUnderstood,
} from './file-form.ts'
import { contentOf, namedForms, recognise } from './file-forms.ts'
import type { Problem } from './form.ts'
import { readUnit, systemdUnit } from './systemd-unit.ts'
import { readYaml } from './text/yaml-document.ts'
import { yamlFile } from './yaml-file.ts'

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
  const problems: string[] = []
  const opened = files.map((file) => open(file, form))
  const used = new Set<SourceFile>()
  for (const { reading, file } of opened) {
    problems.push(...reading.problems.map((problem) => formatProblem(file.path, problem)))
  }
  const members = opened.flatMap((one) =>
    one.reading.members.map((member) => completed(member, one, { opened, used, problems })),
  )
  // A file that another one reads is no member of its own.
  const own = members.filter(({ from }) => !used.has(from.file)).map(({ member }) => member)
  if (problems.length === 0 && own[0] === undefined) {
    problems.push(
      `Expected ${files.map(({ path }) => path).join(', ')} to configure etcd, got none`,
    )
  }
  const [first, ...rest] = own
  if (first === undefined || problems.length > 0) {
    throw new InputError(problems[0] ?? '', { problems })
  }
  return { forms: opened.map((one) => one.form.name), members: [first, ...rest] }
}

interface OpenedFile {
  readonly file: SourceFile
  readonly form: FileForm
  readonly reading: FileReading
}

function open(file: SourceFile, given: FileForm | undefined): OpenedFile {
  const recognised = recognise(file.text)
  const form = given ?? recognised.form
  if (form === undefined) {
    throw new InputError(formatProblem(file.path, unrecognised(file.text)), { file: file.path })
  }
  return { file, form, reading: form.read(given ? contentOf(file.text) : recognised.content) }
}

/** What the text seems to be meant as decides what is wrong with it. */
function unrecognised(text: string): Problem {
  const titles = namedForms.map(({ title }) => title).join(', ')
  const expected = `one of: ${titles}`
  if (text.trim() === '') return { line: 1, expected, found: 'an empty file' }
  const isLikeYaml = /^\s*[\w-]+:(\s|$)/m.test(text)
  const [problem] = isLikeYaml ? readYaml(text).problems : []
  const first = text.split('\n').findIndex((line) => line.trim() !== '')
  const found = (text.split('\n')[first] ?? '').trim()
  return problem ?? { line: first + 1, expected, found: shorten(found) }
}

function formatProblem(file: string, { line, expected, found }: Problem): string {
  return `${file}:${line}: expected ${expected}, found ${shorten(found)}`
}

/** No control characters, and no line that fills the screen. */
function shorten(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return printable.length > 120 ? `${printable.slice(0, 117)}…` : printable
}

interface Reading {
  readonly opened: readonly OpenedFile[]
  readonly used: Set<SourceFile>
  readonly problems: string[]
}

/** The member with what it gets from the files that it refers to. */
function completed(member: MemberReading, from: OpenedFile, reading: Reading) {
  const own = placed(from.file, member)
  const extra = (member.reads ?? []).flatMap(({ kind, path, line, isOptional }) => {
    const found = findFile(kind, path, reading.opened)
    if (found === undefined) {
      const expected = `the file ${path} to be given too, which etcd reads`
      const missing = { line, expected, found: 'no such file' }
      if (!isOptional) reading.problems.push(formatProblem(from.file.path, missing))
      return []
    }
    reading.used.add(found.file)
    return [{ kind, file: found }]
  })
  const environments = extra.filter(({ kind }) => kind === 'environment')
  const yaml = extra.find(({ kind }) => kind === 'yaml')?.file
  const expanded =
    expandUnit(
      from,
      environments.map(({ file }) => file),
    ) ?? own
  const fromFiles = environments.flatMap(({ file }) =>
    file.reading.members.map((each) => placed(file.file, each)),
  )
  const [fromYaml] = yaml?.reading.members ?? []
  const instead = yaml && fromYaml && placed(yaml.file, fromYaml)
  const inForce = mergeReadings([...fromFiles, expanded], instead)
  const { label, hasTls, count, image } = member
  const whole: DeployedMember = {
    ...{ label, hasTls: hasTls === true, ...inForce },
    ...(image !== undefined && { image: { ...image, file: from.file.path } }),
    ...(count !== undefined && { count }),
  }
  return { from, member: whole }
}

interface PlacedReading {
  readonly settings: readonly (GivenSetting & Placed)[]
  readonly notUnderstood: readonly (NotUnderstood & Placed)[]
}

function placed({ path: file }: SourceFile, reading: MemberReading): PlacedReading {
  return {
    settings: reading.settings.map((setting) => ({ ...setting, file })),
    notUnderstood: reading.notUnderstood.map((unread) => ({ ...unread, file })),
  }
}

/** A unit's command line may take its values from the environment files. */
function expandUnit(
  from: OpenedFile,
  environments: readonly OpenedFile[],
): PlacedReading | undefined {
  if (from.form !== systemdUnit || environments.length === 0) return undefined
  const variables = environments.flatMap(({ reading }) =>
    reading.members.flatMap(({ variables: of }) => [...(of ?? [])]),
  )
  const [member] = readUnit(from.file.text, new Map(variables)).members
  return member && placed(from.file, member)
}

/** The file of that name, or the only one of its kind. */
function findFile(kind: 'environment' | 'yaml', path: string, opened: readonly OpenedFile[]) {
  const wanted = kind === 'environment' ? environmentFile : yamlFile
  const candidates = opened.filter(({ form }) => form === wanted)
  const named = candidates.find(({ file }) => basename(file.path) === basename(path))
  return named ?? (candidates.length === 1 ? candidates[0] : undefined)
}

/**
 * A configuration file replaces flags and variables. Otherwise a flag goes before its variable, and
 * of one that repeats the last is in force.
 */
function mergeReadings(
  all: readonly PlacedReading[],
  yaml: PlacedReading | undefined,
): PlacedReading & Pick<DeployedMember, 'setTwice'> {
  const given = all.flatMap(({ settings }) => settings)
  const inForce = new Map<string, GivenSetting & Placed>()
  for (const setting of yaml?.settings ?? given) {
    const former = inForce.get(setting.name)
    if (former?.door === 'flag' && setting.door === 'variable') continue
    inForce.set(setting.name, setting)
  }
  const flags = new Set(given.filter(({ door }) => door === 'flag').map(({ name }) => name))
  const shadowed = given.filter(({ name, door }) => door === 'variable' && flags.has(name))
  const setTwice = yaml === undefined ? shadowed.map(placeOf) : []
  const unread = all.flatMap(({ notUnderstood }) => notUnderstood)
  const ignored = yaml === undefined ? [] : [...yaml.notUnderstood, ...given.map(ignoredSetting)]
  return { settings: [...inForce.values()], notUnderstood: [...unread, ...ignored], setTwice }
}

function placeOf({ name, file, line }: GivenSetting & Placed) {
  return { setting: name, file, line }
}

function ignoredSetting({
  name,
  value,
  line,
  file,
}: GivenSetting & Placed): NotUnderstood & Placed {
  return {
    ...{ setting: name, value, line, file },
    why: 'etcd ignores it, because it reads a configuration file',
  }
}
