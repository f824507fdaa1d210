import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../core/errors.ts'
import { compressedName } from '../../history/files/text.ts'
import { expectLevels } from './scenario-folders.ts'

/** A file of evidence, by its path inside the scenario's directory, to its SHA-256 in hexadecimal. */
export type Digests = Readonly<Record<string, string>>

/** The verdict is no evidence; shrunk parts of a chaos and windows of a run are judged by themselves. */
const notEvidence = new Set(['scenario.json', 'shrink', 'windows'])
const mostFiles = 10_000

/**
 * The paths of all evidence in a scenario's directory, sorted. Throws an InputError for anything
 * but files and folders: a link may lead outside, and a pipe has no end. So it does for folders that
 * are nested too deep.
 */
export async function listEvidence(directory: string): Promise<string[]> {
  const files: string[] = []
  const visit = async (folder: string, level: number) => {
    const path = join(directory, folder)
    expectLevels(path, level)
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (notEvidence.has(name)) continue
      if (entry.isDirectory()) await visit(name, level + 1)
      else if (entry.isFile()) files.push(name)
      else throw noFile(join(path, entry.name))
      if (files.length > mostFiles) {
        throw new InputError(`Expected at most ${mostFiles} files in ${directory}, got more`)
      }
    }
  }
  await visit('', 0)
  return files.sort()
}

/** The digest of each file, one after the other: a file of any size takes little memory. */
export async function digestEvidence(
  directory: string,
  files: readonly string[],
): Promise<Digests> {
  const digests: [string, string][] = []
  for (const file of files) digests.push([file, await digestFile(join(directory, file))])
  return Object.fromEntries(digests)
}

export async function digestFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}

/** Throws an InputError for a path that is missing, or whose links lead out of the directory. */
export async function expectInside(root: string, relative: string): Promise<void> {
  const path = join(root, relative)
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]).catch((cause) => {
    throw new InputError(`Expected a directory at ${path}, got none`, { path }, cause)
  })
  if (real === join(realRoot, relative)) return
  throw new InputError(`Expected ${path} to be no link, got one to ${real}`, { path })
}

/** Whether it is there; throws an InputError for one that is no file of its own. */
export async function hasFile(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => undefined)
  if (found !== undefined && !found.isFile()) throw noFile(file)
  return found !== undefined
}

/**
 * The file of this name or, where there is none, its compressed form; undefined when there is
 * neither. Throws as `hasFile`.
 */
export async function findEvidence(file: string): Promise<string | undefined> {
  for (const name of [file, compressedName(file)]) {
    if (await hasFile(name)) return name
  }
  return undefined
}

function noFile(file: string): InputError {
  return new InputError(`Expected ${file} to be a file, got a link or a device`, { file })
}
