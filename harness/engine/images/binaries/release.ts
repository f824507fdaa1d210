import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../../core/errors.ts'
import { featuresOf } from '../../../topology/etcd-features.ts'
import type { Architecture } from '../../../topology/spec.ts'
import { readElfHeader } from './elf.ts'

/** The programs of one release of etcd, on this machine's disk. */
export interface EtcdRelease {
  /** Where the user said that they are: for messages and the image's label. */
  readonly from: string
  readonly architecture: Architecture
  readonly programs: readonly Program[]
}

interface Program {
  readonly name: ProgramName
  readonly path: string
}

/** As etcd releases them; the last is there from 3.5 on. */
export const programNames = ['etcd', 'etcdctl', 'etcdutl'] as const
type ProgramName = (typeof programNames)[number]

/**
 * The programs in a directory, none of them run. Throws an InputError for a missing tool, one that is
 * for another architecture, and one that would not start in an image without libraries.
 */
export function readRelease(
  directory: string,
  architecture: Architecture,
  from = directory,
): EtcdRelease {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new InputError(`Expected a directory with etcd's programs, got ${from}`, { from })
  }
  const programs = programNames
    .map((name) => ({ name, path: join(directory, name) }))
    .filter(({ name, path }) => name !== 'etcdutl' || existsSync(path))
  for (const program of programs) expectProgram(program, { from, architecture })
  return { from, architecture, programs }
}

/** Throws an InputError where a release of that version lacks etcdutl. */
export function expectTools({ from, programs }: EtcdRelease, version: string): void {
  const { offlineTool } = featuresOf(version)
  if (programs.some(({ name }) => name === offlineTool)) return
  throw new InputError(`Expected ${offlineTool} of etcd ${version} in ${from}, got none`, { from })
}

function expectProgram(
  { name, path }: Program,
  { from, architecture }: Pick<EtcdRelease, 'from' | 'architecture'>,
): void {
  const expected = `Expected ${name} in ${from}`
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new InputError(`${expected}, got none`, { from })
  }
  const header = readElfHeader(path)
  if (header === undefined) {
    throw new InputError(`${expected} to be a program for Linux, got another file`, { from })
  }
  if (header.architecture !== architecture) {
    const got = header.architecture ?? 'another machine'
    throw new InputError(`${expected} to be for ${architecture}, got one for ${got}`, { from })
  }
  if (!header.needsLoader) return
  const remedy = 'build it with CGO_ENABLED=0, or link it statically'
  throw new InputError(`${expected} to need no shared library, got one that does: ${remedy}`, {
    from,
  })
}

/** The same programs for the same architecture give the same hash, wherever they lie. */
export async function releaseHash({ architecture, programs }: EtcdRelease): Promise<string> {
  const hash = createHash('sha256').update(architecture)
  for (const { name, path } of programs) {
    hash.update(`\n${name}\n`)
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks) hash.update(chunk)
    })
  }
  return hash.digest('hex').slice(0, 16)
}
