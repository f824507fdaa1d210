import { EnvironmentError, InputError } from '../../core/errors.ts'
import { connectEngine } from '../connect.ts'
import { loadCatalogue } from './catalogue.ts'
import type { ImageChoice, ResolvedImage } from './choice.ts'
import { ensureRunnable } from './emulation.ts'
import { engineArchitecture, type FoundImage } from './inspect.ts'
import { type Obtained, obtainImage } from './obtain.ts'
import { versionLabel } from './recipe.ts'

/**
 * Makes sure that the engine has the chosen etcd image and can run it. Builds, pulls and sets up
 * emulation where that is needed, allowed and possible; takes milliseconds when nothing is missing.
 * Throws an InputError for a version that is not in the catalogue, an image or a program for another
 * architecture and programs that are no etcd, an EnvironmentError for what this machine cannot
 * provide.
 */
export async function resolveImage(choice: ImageChoice): Promise<ResolvedImage> {
  expectOneChoice(choice)
  const engine = await connectEngine()
  const native = await engineArchitecture(engine)
  const architecture = choice.architecture === 'native' ? native : choice.architecture
  const emulated = architecture !== native
  const obtained = await obtainImage(engine, choice, { architecture, emulated })
  const { found, source } = obtained
  const trusted = isMadeHere(source) && !emulated ? versionIn(found) : undefined
  const proven = trusted ?? (await ensureRunnable(engine, { found, emulated, log: choice.log }))
  checkVersion(choice, obtained, proven)
  const { reference, digest } = found
  return { reference, digest, version: proven, architecture, emulated, source }
}

function expectOneChoice({ version, image, binaries, tarball }: ImageChoice): void {
  const given = Object.entries({ etcd: version, image, binaries, tarball }).filter(
    ([, value]) => value !== undefined,
  )
  if (given.length <= 1) return
  const names = given.map(([name]) => `\`${name}\``).join(' and ')
  throw new InputError(`Expected one choice of etcd, got ${names}`)
}

/** The version on the label of such an image was read from its binary or its package. */
const isMadeHere = (source: ResolvedImage['source']): boolean =>
  ['debian', 'binaries', 'tarball'].includes(source)

const versionIn = (image: FoundImage) => image.labels[versionLabel]

/** A tag is a claim; the binary's own version counts. An image of a moving suite is labelled with it. */
function checkVersion(choice: ImageChoice, { found, source }: Obtained, proven: string): void {
  if (source !== 'registry' && source !== 'debian') return
  const asked = choice.version ?? loadCatalogue().default
  const claimed = source === 'debian' ? (versionIn(found) ?? asked) : asked
  if (claimed === proven) return
  throw new EnvironmentError(
    `Expected ${found.reference} to hold etcd ${claimed}, its binary says ${proven}`,
  )
}
