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
 * Throws an InputError for a version that is not in the catalogue or an image for another
 * architecture, an EnvironmentError for what this machine cannot provide.
 */
export async function resolveImage(choice: ImageChoice): Promise<ResolvedImage> {
  const { version, image } = choice
  if (version !== undefined && image !== undefined) {
    throw new InputError('Expected one of `etcd` and `image`, got both', { version, image })
  }
  const engine = await connectEngine()
  const native = await engineArchitecture(engine)
  const architecture = choice.architecture === 'native' ? native : choice.architecture
  const obtained = await obtainImage(engine, choice, architecture)
  const { found, source } = obtained
  const emulated = architecture !== native
  const trusted = source === 'debian' && !emulated ? versionIn(found) : undefined
  const proven = trusted ?? (await ensureRunnable(engine, { found, emulated, log: choice.log }))
  checkVersion(choice, obtained, proven)
  const { reference, digest } = found
  return { reference, digest, version: proven, architecture, emulated, source }
}

const versionIn = (image: FoundImage) => image.labels[versionLabel]

/** A tag is a claim; the binary's own version counts. An image of a moving suite is labelled with it. */
function checkVersion(choice: ImageChoice, { found, source }: Obtained, proven: string): void {
  if (source === 'image') return
  const asked = choice.version ?? loadCatalogue().default
  const claimed = source === 'debian' ? (versionIn(found) ?? asked) : asked
  if (claimed === proven) return
  throw new EnvironmentError(
    `Expected ${found.reference} to hold etcd ${claimed}, its binary says ${proven}`,
  )
}
