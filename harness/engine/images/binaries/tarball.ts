import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { cacheFolder } from '../../../bootstrap/cache.mjs'
import { EnvironmentError, InputError, messageOf } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Tarball } from '../choice.ts'
import { programNames } from './release.ts'

const isUrl = (from: string): boolean => /^https?:\/\//.test(from)

/** Throws an InputError for what can be no archive, without fetching or reading it. */
export function expectTarball({ from, sha256 }: Tarball): void {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InputError(`Expected \`--sha256\` to be 64 hexadecimal digits, got \`${sha256}\``)
  }
  if (isUrl(from)) {
    if (sha256 !== undefined) return
    throw new InputError(`Expected \`--sha256\` beside the URL ${from}, got none`)
  }
  if (!existsSync(from) || !statSync(from).isFile()) {
    throw new InputError(`Expected \`--tarball\` to be a file or a URL, got \`${from}\``)
  }
}

/**
 * A directory with etcd's programs of a release archive, kept in our cache under the archive's
 * SHA-256. A URL is fetched once. Throws an InputError for another checksum and for an archive that is
 * no gzipped tar or has more than `mostBytes`, an EnvironmentError for a URL that gives none.
 */
export async function unpackTarball(
  tarball: Tarball,
  log: Log,
  mostBytes = releaseBytes,
): Promise<string> {
  expectTarball(tarball)
  const { from } = tarball
  const wanted = tarball.sha256?.toLowerCase()
  const folder = join(cacheFolder(), 'releases')
  if (wanted !== undefined && existsSync(join(folder, wanted))) return join(folder, wanted)
  await mkdir(folder, { recursive: true })
  const working = await mkdtemp(join(folder, 'unpacking-'))
  try {
    const target = join(working, 'archive')
    const file = isUrl(from) ? await fetchFile(from, target, { log, mostBytes }) : from
    const found = await digestOf(file)
    if (wanted !== undefined && found !== wanted) {
      throw new InputError(`Expected the SHA-256 of ${from} to be ${wanted}, got ${found}`)
    }
    const unpacked = join(working, 'programs')
    await unpackPrograms(file, unpacked, { from, mostBytes })
    return await keepFirst(unpacked, join(folder, found))
  } finally {
    await rm(working, { recursive: true, force: true })
  }
}

/** What lies there already came from the same archive, and another process may be reading it. */
async function keepFirst(unpacked: string, kept: string): Promise<string> {
  await rename(unpacked, kept).catch((thrown) => {
    if (!existsSync(kept)) throw thrown
  })
  return kept
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

const fetchTimeoutMs = 5 * 60_000

/** Some ten times what etcd releases: a body or a program without an end fills no disk. */
const releaseBytes = 512 * 2 ** 20

function limitTo(mostBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      bytes += chunk.length
      pass(bytes > mostBytes ? new Error(`more than ${mostBytes} bytes`) : null, chunk)
    },
  })
}

async function fetchFile(
  url: string,
  file: string,
  { log, mostBytes }: { readonly log: Log; readonly mostBytes: number },
): Promise<string> {
  log.step(`fetching ${url}`)
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) })
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`)
    await pipeline(Readable.fromWeb(response.body), limitTo(mostBytes), createWriteStream(file))
    return file
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
    throw new EnvironmentError(
      `Expected an archive at ${url}, got: ${messageOf(cause)}`,
      { url },
      thrown,
    )
  }
}

/** Whatever folder of the archive they are in; other files are left out. */
async function unpackPrograms(
  file: string,
  target: string,
  { from, mostBytes }: { readonly from: string; readonly mostBytes: number },
): Promise<void> {
  await mkdir(target)
  const entries = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), limitTo(mostBytes), entries)
  reading.catch(() => {})
  try {
    for await (const entry of entries) {
      const name = programNames.find((each) => each === basename(entry.header.name))
      if (name === undefined || entry.header.type !== 'file') {
        entry.resume()
        continue
      }
      if (existsSync(join(target, name))) throw new Error(`two files named ${name}`)
      await pipeline(entry, createWriteStream(join(target, name)))
      await chmod(join(target, name), 0o755)
    }
    await reading
  } catch (thrown) {
    throw new InputError(
      `Expected ${from} to be a gzipped tar archive, got: ${messageOf(thrown)}`,
      { from },
      thrown,
    )
  }
}
