import { InputError } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'
import type { Engine } from '../connect.ts'
import { ensureImported } from './binaries/import-release.ts'
import { readRelease } from './binaries/release.ts'
import { unpackTarball } from './binaries/tarball.ts'
import { entryOf, loadCatalogue } from './catalogue.ts'
import type { ImageChoice, ResolvedImage } from './choice.ts'
import { ensureBuilt } from './ensure-built.ts'
import { ensureFetched } from './ensure-fetched.ts'
import type { FoundImage } from './inspect.ts'
import { etcdRecipe } from './recipe.ts'

/** An image and where it came from. */
export interface Obtained {
  readonly found: FoundImage
  readonly source: ResolvedImage['source']
}

/** The machine for which an image is wanted. */
export interface Wanted {
  readonly architecture: Architecture
  readonly emulated: boolean
}

/** The chosen image at the engine: one way a source. */
export function obtainImage(
  engine: Engine,
  choice: ImageChoice,
  wanted: Wanted,
): Promise<Obtained> {
  if (choice.image !== undefined) return byReference(engine, choice, wanted, choice.image)
  if (choice.binaries !== undefined || choice.tarball !== undefined) {
    return ofPrograms(engine, choice, wanted)
  }
  const registry = process.env.GAUNTLET_REGISTRY ?? ''
  return registry === ''
    ? ofCatalogue(engine, choice, wanted)
    : ofRegistry(engine, choice, wanted, registry)
}

async function byReference(
  engine: Engine,
  choice: ImageChoice,
  { architecture }: Wanted,
  reference: string,
): Promise<Obtained> {
  const found = await ensureFetched(engine, { ...choice, reference, architecture })
  // testcontainers takes a shortened id for a name, with the tag `latest`.
  const isId = /^[0-9a-f]{6,64}$/.test(reference) && !found.names.includes(`${reference}:latest`)
  return { found: isId ? { ...found, reference: found.id } : found, source: 'image' }
}

async function ofPrograms(
  engine: Engine,
  choice: ImageChoice,
  { architecture, emulated }: Wanted,
): Promise<Obtained> {
  const { binaries, tarball, log, allowBuild } = choice
  const source = tarball === undefined ? 'binaries' : 'tarball'
  const directory = tarball === undefined ? (binaries ?? '') : await unpackTarball(tarball, log)
  const release = readRelease(directory, architecture, tarball?.from ?? directory)
  const found = await ensureImported(engine, release, { allowBuild, log, emulated, source })
  return { found, source }
}

async function ofRegistry(
  engine: Engine,
  choice: ImageChoice,
  { architecture }: Wanted,
  registry: string,
): Promise<Obtained> {
  const version = choice.version ?? loadCatalogue().default
  if (!/^\d+\.\d+\.\d+/.test(version)) {
    throw new InputError(`Expected \`--etcd\` to be a version such as 3.5.16, got \`${version}\``)
  }
  const reference = `${registry.replace(/\/+$/, '')}/etcd:v${version}`
  const found = await ensureFetched(engine, { ...choice, reference, architecture })
  return { found, source: 'registry' }
}

async function ofCatalogue(
  engine: Engine,
  choice: ImageChoice,
  { architecture }: Wanted,
): Promise<Obtained> {
  const catalogue = loadCatalogue()
  const entry = entryOf(catalogue, choice.version ?? catalogue.default)
  if (!entry.architectures.includes(architecture)) {
    const known = entry.architectures.join(' or ')
    throw new InputError(`Expected etcd ${entry.version} for ${known}, got ${architecture}`)
  }
  const found = await ensureBuilt(engine, etcdRecipe(entry, architecture), choice)
  return { found, source: 'debian' }
}
