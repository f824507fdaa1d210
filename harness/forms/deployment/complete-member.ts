import { basename, dirname } from 'node:path/posix'
import type { FileReading, MemberReading, NotUnderstood, ReadFile } from '../file-form.ts'
import { readEnvironmentAs } from '../machines/environment-readers.ts'
import type { DeployedMember } from './deployment.ts'
import { mergeReadings, placed } from './merge-readings.ts'
import { formatProblem, type OpenedFile } from './open-files.ts'
import { placeIn } from './place.ts'

/** The files of one deployment, while its members are read from them. */
export interface DeploymentReading {
  readonly opened: readonly OpenedFile[]
  /** Files that others read. */
  readonly used: Set<OpenedFile>
  /** Of a file that another reader or other variables make another one, how it was read in the end. */
  readonly final: Map<OpenedFile, FileReading[]>
  /** Problems of files that are not given. */
  readonly missing: string[]
}

/**
 * The files of which each makes a member of the only one that a file has: one unit, and an environment
 * or a configuration a member beside it under names of their own. Otherwise undefined, for the member
 * as it stands.
 */
export function ownFilesOf(
  { reads = [] }: MemberReading,
  from: OpenedFile,
  { opened }: DeploymentReading,
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
export function completed(
  { member, index, own }: MemberOfFile,
  from: OpenedFile,
  reading: DeploymentReading,
): DeployedMember {
  const read = filesRead(member, { from, ...(own && { own }) }, reading)
  const variables = new Map(
    read
      .filter(({ expands }) => expands)
      .flatMap(({ reading: { members } }) =>
        members.flatMap((each) => [...(each.variables ?? [])]),
      ),
  )
  const again = variables.size === 0 ? from.reading : from.form.read(from.content, variables)
  reading.final.set(from, [...(reading.final.get(from) ?? []), again])
  const whole = again.members[index] ?? member
  const besides = read
    .filter(({ kind, reader }) => kind !== 'yaml' && (kind !== 'defaults' || reader === 'shell'))
    .flatMap(({ file, reading: { members } }) => members.map((each) => placed(file.file, each)))
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
    label,
    hasTls: hasTls === true,
    ...inForce,
    notUnderstood,
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

/** The files that a member reads: defaults first, which the others may refer to. */
function filesRead(
  { reads = [] }: MemberReading,
  { from, own }: { readonly from: OpenedFile; readonly own?: OpenedFile },
  reading: DeploymentReading,
) {
  const known = new Map<string, string>()
  const isDefaults = ({ kind }: ReadFile) => kind === 'defaults'
  const inOrder = [...reads.filter(isDefaults), ...reads.filter((one) => !isDefaults(one))]
  const read = inOrder.flatMap((one) => {
    const file = one.kind === own?.form.name ? own : findFile(one, from, reading)
    if (file === undefined) return missingIn(from, one, reading)
    reading.used.add(file)
    if (formsOfKinds[one.kind] !== 'environment') return [{ ...one, file, reading: file.reading }]
    const final = readEnvironmentAs(one, file.content.text, known)
    reading.final.set(file, [...(reading.final.get(file) ?? []), final])
    const variables = final.members.flatMap((member) => [...(member.variables ?? [])])
    if (isDefaults(one)) for (const [name, value] of variables) known.set(name, value)
    return [{ ...one, file, reading: final }]
  })
  return reads.flatMap((one) =>
    read.filter(({ path, line }) => path === one.path && line === one.line),
  )
}

/** A missing file is a problem unless the member starts without it. */
function missingIn(
  from: OpenedFile,
  { path, line, isOptional }: ReadFile,
  reading: DeploymentReading,
): [] {
  const expected = `the file ${path} to be given too, which etcd reads`
  const missing = formatProblem(from.file, { line, expected, found: 'no such file' })
  if (!isOptional) reading.missing.push(missing)
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
function findFile({ kind, path }: ReadFile, from: OpenedFile, { opened }: DeploymentReading) {
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
