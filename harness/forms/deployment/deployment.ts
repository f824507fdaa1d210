import { basename } from 'node:path/posix'
import { InputError } from '../../core/errors.ts'
import type { FileForm, FileReading, GivenSetting, NotUnderstood } from '../file-form.ts'
import { fromElsewhere } from '../given.ts'
import { joinOverrides, joinResources } from '../kubernetes/join-resources.ts'
import { joinDropIns } from '../machines/drop-ins.ts'
import { isImageOfEtcd, theRelease } from '../text/release-archives.ts'
import { completed, type DeploymentReading, ownFilesOf } from './complete-member.ts'
import { formatProblem, type OpenedFile, openFile } from './open-files.ts'
import { placeIn } from './place.ts'
import { withoutProxies } from './proxies.ts'

export interface SourceFile {
  /** As the user gave it; for messages, and to find the files that others refer to. */
  readonly path: string
  readonly text: string
  /** Files whose text is part of it, in their order: each from a line of the text on. */
  readonly parts?: readonly { readonly path: string; readonly firstLine: number }[]
  /** Of a text within a file: the line of the file for each of its own. */
  readonly lines?: readonly number[]
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
  const all = joinOverrides(joinResources(joinDropIns(files))).map((file) => openFile(file, form))
  // Beside a file with members, a script that only installs says which release they are, and a file that
  // starts a given script has its members in the script.
  const isBesides = (one: Opened) => isInstaller(one) || startsGiven(one, all) !== undefined
  const besides = all.some((one) => !isBesides(one)) ? all.filter(isBesides) : []
  const given = all.filter((one) => !besides.includes(one))
  const reading: DeploymentReading = {
    opened: given.flat(),
    used: new Set(),
    final: new Map(),
    missing: [],
  }
  const withMembers = given.flatMap(membersFiles)
  const members = withMembers.flatMap((one) =>
    one.reading.members.flatMap((member, index) =>
      ownFilesOf(member, one, reading).map((own) => ({
        from: one,
        member: withWhole(completed({ member, index, ...(own && { own }) }, one, reading), [
          ...(given.find((group) => group.includes(one)) ?? []),
          ...besides.flat(),
        ]),
      })),
    ),
  )
  const { used } = reading
  const problems = [...new Set([...withMembers, ...used])].flatMap((one) =>
    problemsOf(one, reading),
  )
  problems.push(...reading.missing)
  // A file that another one reads is no member of its own.
  const own = withoutProxies(
    members.filter(({ from }) => !used.has(from)).map(({ member }) => member),
    problems,
  )
  const [first, ...rest] = own
  if (problems.length === 0 && !own.some(hasSettings)) {
    const title = given[0]?.[0].form.title ?? 'no file'
    const open = own.flatMap((one) => one.notUnderstood).find(({ why }) => why === fromElsewhere)
    const found = open ? `${open.setting}, whose value comes from elsewhere` : `none in ${title}`
    const nothing = { line: open?.line ?? 1, expected: 'settings of etcd', found }
    problems.push(formatProblem(files[0] ?? { path: '' }, nothing))
  }
  if (first === undefined || problems.length > 0) {
    throw new InputError(problems[0] ?? '', { problems })
  }
  return { forms: all.map(formsOf), members: [first, ...rest] }
}

type Opened = readonly [OpenedFile, ...OpenedFile[]]

/** The script that a file starts, where that is one of the others, with members. */
function startsGiven([{ reading }]: Opened, all: readonly Opened[]) {
  const [problem, ...others] = reading.problems
  if (problem?.script === undefined || others.length + reading.members.length > 0) return undefined
  const name = basename(problem.script.path)
  return all.some(([one]) => one.name === name && hasMembers(one.reading))
    ? problem.script
    : undefined
}

/** What a file gives the script that it starts; the script may make anything of it. */
function ofStarted({ file, reading }: OpenedFile) {
  const { variables = [] } = reading.problems[0]?.script ?? {}
  const why = 'it is given to the script: give it in the script, or in a file that it reads'
  return variables
    .filter(({ name }) => name.startsWith('ETCD_'))
    .map(({ name, value, line }) => ({
      setting: name,
      value,
      why,
      isUnresolved: true as const,
      ...placeIn(file, line),
    }))
}

function isInstaller([{ form, reading }]: Opened): boolean {
  const { members, releases = [], files = [] } = reading
  return form.name === 'flags' && members.length + files.length === 0 && releases.length > 0
}

/** Of a file that was read again with what other files say, what is wrong with it then. */
function problemsOf(one: OpenedFile, { final }: DeploymentReading): string[] {
  const readings = final.get(one) ?? [one.reading]
  const problems = readings.flatMap((read) => read.problems)
  return [...new Set(problems.map((problem) => formatProblem(one.file, problem)))]
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

/** The member with what is said of the whole file that it is in, and of the files within that. */
function withWhole(member: DeployedMember, group: readonly OpenedFile[]): DeployedMember {
  const found = group.flatMap(({ file, reading: { releases = [] } }) =>
    releases.map((one) => ({ ...one, ...placeIn(file, one.line) })),
  )
  const isOwn = member.image !== undefined && isImageOfEtcd(member.image.reference)
  const named = group.flatMap(({ file, reading: { problems } }) => {
    const image = problems[0]?.script?.image
    return image === undefined ? [] : [{ ...image, ...placeIn(file, image.line) }]
  })
  const { image, unclear } = theRelease(isOwn ? [] : [...found, ...named])
  const unread = group.flatMap(({ file, reading: { notUnderstood = [] } }) =>
    notUnderstood.map((one) => ({ ...one, ...placeIn(file, one.line) })),
  )
  const open = unclear.map(({ reference, file, line, why }) => {
    return { setting: reference, value: '', file, line, why }
  })
  // A text within a file may be read with it, too.
  const besides = [...member.notUnderstood, ...unread, ...open, ...group.flatMap(ofStarted)]
  const once = new Map(besides.map((one) => [JSON.stringify(one), one]))
  return {
    ...member,
    ...(image && { image: { reference: image.reference, file: image.file, line: image.line } }),
    notUnderstood: [...once.values()],
  }
}

function formsOf([outer]: readonly [OpenedFile, ...OpenedFile[]]): string {
  return outer.form.name
}
