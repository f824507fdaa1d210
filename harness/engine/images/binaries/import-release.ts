import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import { EnvironmentError, InputError, messageOf } from '../../../core/errors.ts'
import { removeImage } from '../../cleanup/remove.ts'
import type { Engine } from '../../connect.ts'
import type { ImageChoice, ResolvedImage } from '../choice.ts'
import { ensureRunnable } from '../emulation.ts'
import { type FoundImage, inspectImage } from '../inspect.ts'
import { buildRepository, removeAbandonedBuilds } from '../leftovers.ts'
import { inputsLabel, versionLabel } from '../recipe.ts'
import { type EtcdRelease, expectTools, releaseHash } from './release.ts'

type Importing = Pick<ImageChoice, 'allowBuild' | 'log'> & {
  readonly emulated: boolean
  readonly source: ResolvedImage['source']
}

/** To be increased when the image changes in a way that its programs do not show. */
const builderRevision = 1

/**
 * The image that holds these programs and nothing else, keyed by their content. It gets its name last,
 * once its etcd printed a version and every tool of that version is there. Throws an InputError for
 * programs that are no etcd.
 */
export async function ensureImported(
  engine: Engine,
  release: EtcdRelease,
  { allowBuild, log, emulated, source }: Importing,
): Promise<FoundImage> {
  const inputs = `${builderRevision}-${await releaseHash(release)}`
  const tag = `${inputs}-${source}-${release.architecture}`
  const present = await inspectImage(engine, `${etcdRepository}:${tag}`)
  if (present !== undefined) return present
  if (!allowBuild) {
    throw new EnvironmentError(`Expected an image of ${release.from}, got none. Run: gauntlet up`)
  }
  log.step(`making an image of the programs in ${release.from}`)
  await removeAbandonedBuilds(engine)
  const labels = { ...labelsOf(release), [inputsLabel]: inputs }
  const attempt = { repo: buildRepository, tag: randomBytes(6).toString('hex') }
  try {
    const found = await importImage(engine, release, { ...attempt, labels })
    const version = await versionOf(engine, release, { found, emulated, log })
    expectTools(release, version)
    const repo = etcdRepository
    return await importImage(engine, release, {
      repo,
      tag,
      labels: { ...labels, [versionLabel]: version },
    })
  } finally {
    await removeImage(engine, `${attempt.repo}:${attempt.tag}`)
  }
}

const etcdRepository = 'gauntlet/etcd'

async function versionOf(
  engine: Engine,
  { from }: EtcdRelease,
  asking: Parameters<typeof ensureRunnable>[1],
): Promise<string> {
  try {
    return await ensureRunnable(engine, asking)
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError) || thrown.fields.remedy !== undefined) throw thrown
    const got = messageOf(thrown).replace(/^.*, got: /, '')
    throw new InputError(
      `Expected etcd in ${from} to print its version, got: ${got}`,
      { from },
      thrown,
    )
  }
}

interface ImportedImage {
  readonly repo: string
  readonly tag: string
  readonly labels: Readonly<Record<string, string>>
}

/** Through the engine's import, which runs nothing: for any architecture, and without a builder. */
async function importImage(
  engine: Engine,
  release: EtcdRelease,
  { repo, tag, labels }: ImportedImage,
): Promise<FoundImage> {
  const { docker } = engine
  const changes = [
    // As in the official images: a command and no entry point.
    ...['CMD ["etcd"]', 'ENV PATH=/usr/bin', 'EXPOSE 2379 2380'],
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`),
  ]
  const platform = `linux/${release.architecture}`
  const archive = pack()
  const [progress] = await Promise.all([
    docker.importImage(Readable.from(archive), {
      repo,
      tag,
      platform,
      changes: changes.join('\n'),
    }),
    writeRelease(archive, release),
  ])
  const problem = await new Promise<string | undefined>((resolve) => {
    docker.modem.followProgress(progress, (failed: Error | null, lines?: { error?: string }[]) =>
      resolve(failed?.message ?? lines?.find(({ error }) => error !== undefined)?.error),
    )
  })
  const found = await inspectImage(engine, `${repo}:${tag}`)
  if (problem === undefined && found?.architecture === release.architecture) return found
  const got = problem ?? (found === undefined ? 'no image' : `one for ${found.architecture}`)
  throw new EnvironmentError(`Expected the engine to make an image of ${release.from}, got: ${got}`)
}

/** Writes the root file system into the archive, as fast as the engine reads it. */
async function writeRelease(archive: Pack, { programs }: EtcdRelease): Promise<void> {
  for (const [name, mode] of directories) archive.entry({ name, mode, type: 'directory' })
  for (const [name, text] of files) archive.entry({ name, mode: 0o644 }, text)
  for (const { name, path } of programs) {
    const { size } = await stat(path)
    // Without a date of its own: the same programs make the same layer.
    const entry = archive.entry({ name: `usr/bin/${name}`, mode: 0o755, size, mtime: epoch })
    await pipeline(createReadStream(path), entry)
  }
  archive.finalize()
}

const files: readonly (readonly [name: string, text: string])[] = [
  ['etc/nsswitch.conf', 'hosts: files dns\n'],
  ['etc/passwd', 'root:x:0:0:root:/:/nonexistent\n'],
  ['etc/group', 'root:x:0:\n'],
]

const epoch = new Date(0)

/** In which etcd and its tools keep files, as in the images of Debian's packages. */
const directories: readonly (readonly [name: string, mode: number])[] = [
  ['etc/', 0o755],
  ['tmp/', 0o1777],
  ['usr/', 0o755],
  ['usr/bin/', 0o755],
  ['var/', 0o755],
  ['var/etcd/', 0o700],
  ['var/lib/', 0o755],
  ['var/lib/etcd/', 0o700],
]

function labelsOf({ from, architecture }: EtcdRelease): Record<string, string> {
  return {
    'org.opencontainers.image.title': 'etcd',
    'org.opencontainers.image.source': from,
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.architecture': architecture,
  }
}
