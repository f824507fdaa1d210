import { EnvironmentError, InputError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Architecture } from '../../topology/spec.ts'
import { connectEngine, type Engine } from '../connect.ts'
import { buildImage } from './build.ts'
import { entryOf, loadCatalogue } from './catalogue.ts'
import { ensureRunnable } from './emulation.ts'
import { engineArchitecture, type FoundImage, inspectImage } from './inspect.ts'
import { pullImage } from './pull.ts'
import {
  etcdRecipe,
  inputsHash,
  inputsLabel,
  type Recipe,
  toolboxRecipe,
  versionLabel,
} from './recipe.ts'

export { type ListedImage, listImages } from './list.ts'

export interface ImageChoice {
  /** Of the catalogue; its default when neither `version` nor `image` is given. */
  readonly version?: string
  /** A reference, used unmodified. */
  readonly image?: string
  readonly architecture: Architecture | 'native'
  /** May build or fetch what the engine does not have. */
  readonly allowBuild: boolean
  readonly log: Log
}

export interface ResolvedImage {
  readonly reference: string
  readonly digest: string
  readonly version: string
  readonly architecture: Architecture
  /** The engine's architecture is another: deadlines scale, throughput is not judged. */
  readonly emulated: boolean
  readonly source: 'registry' | 'debian' | 'image'
}

/**
 * The etcd image that was chosen, present at the engine and proven to run there. Builds, fetches
 * and sets up emulation where that is needed, allowed and possible; takes milliseconds when all is
 * there. Throws an InputError for a version that is not in the catalogue or an image for another
 * architecture, an EnvironmentError for what cannot be had here.
 */
export async function resolveImage(choice: ImageChoice): Promise<ResolvedImage> {
  const { version, image } = choice
  if (version !== undefined && image !== undefined) {
    throw new InputError('Expected one of `etcd` and `image`, got both', { version, image })
  }
  const engine = await connectEngine()
  const native = await engineArchitecture(engine)
  const architecture = choice.architecture === 'native' ? native : choice.architecture
  const obtained = await obtain(engine, choice, architecture)
  const { found, source } = obtained
  const emulated = architecture !== native
  const trusted = source === 'debian' && !emulated ? versionIn(found) : undefined
  const proven = trusted ?? (await ensureRunnable(engine, { found, emulated, log: choice.log }))
  checkVersion(choice, obtained, proven)
  const { reference, digest } = found
  return { reference, digest, version: proven, architecture, emulated, source }
}

interface Obtained {
  readonly found: FoundImage
  readonly source: ResolvedImage['source']
}

/** One function a source; binaries and release archives will be two more. */
async function obtain(
  engine: Engine,
  choice: ImageChoice,
  architecture: Architecture,
): Promise<Obtained> {
  if (choice.image !== undefined) {
    const found = await fetched(engine, { ...choice, reference: choice.image, architecture })
    // To testcontainers an id that is not whole is a name, with the tag `latest`.
    const isId =
      /^[0-9a-f]{6,64}$/.test(choice.image) && !found.names.includes(`${choice.image}:latest`)
    return { found: isId ? { ...found, reference: found.id } : found, source: 'image' }
  }
  const catalogue = loadCatalogue()
  const version = choice.version ?? catalogue.default
  const registry = process.env.GAUNTLET_REGISTRY ?? ''
  if (registry !== '') {
    if (!/^\d+\.\d+\.\d+/.test(version)) {
      throw new InputError(`Expected \`--etcd\` to be a version such as 3.5.16, got \`${version}\``)
    }
    const reference = `${registry.replace(/\/+$/, '')}/etcd:v${version}`
    return {
      found: await fetched(engine, { ...choice, reference, architecture }),
      source: 'registry',
    }
  }
  const entry = entryOf(catalogue, version)
  if (!entry.architectures.includes(architecture)) {
    throw new InputError(
      `Expected etcd ${version} for ${entry.architectures.join(' or ')}, got ${architecture}`,
    )
  }
  return { found: await built(engine, etcdRecipe(entry, architecture), choice), source: 'debian' }
}

/**
 * The toolbox image, present at the engine: its reference. `native` is the engine's architecture,
 * which is the right one beside emulated members too: a namespace has none.
 */
export async function ensureToolbox(options: {
  readonly architecture?: Architecture | 'native'
  readonly allowBuild?: boolean
  readonly log: Log
}): Promise<string> {
  const { architecture = 'native', allowBuild = true, log } = options
  const engine = await connectEngine()
  const wanted = architecture === 'native' ? await engineArchitecture(engine) : architecture
  const recipe = toolboxRecipe(loadCatalogue(), wanted)
  return (await built(engine, recipe, { allowBuild, log })).reference
}

/** The image of a recipe, built when it is missing or its inputs have changed. */
async function built(
  engine: Engine,
  recipe: Recipe,
  { allowBuild, log }: Pick<ImageChoice, 'allowBuild' | 'log'>,
): Promise<FoundImage> {
  const isCurrent = (image: FoundImage | undefined): image is FoundImage =>
    image?.labels[inputsLabel] === inputsHash(recipe)
  const present = await inspectImage(engine, recipe.reference)
  if (isCurrent(present)) return present
  if (!allowBuild) {
    const state = present === undefined ? 'none' : 'one of other inputs'
    throw new EnvironmentError(
      `Expected image ${recipe.reference}, got ${state}. Run: npm run bootstrap`,
    )
  }
  await buildImage(engine, recipe, log)
  const image = await inspectImage(engine, recipe.reference)
  if (isCurrent(image) && image.architecture === recipe.architecture) return image
  throw new EnvironmentError(
    `Expected the build to make ${recipe.reference} for ${recipe.architecture}, got ` +
      (image === undefined ? 'no image' : `${image.architecture} with other inputs`),
  )
}

/** A reference as it is: the engine's own when it has it for that architecture, else fetched. */
async function fetched(
  engine: Engine,
  options: ImageChoice & { readonly reference: string; readonly architecture: Architecture },
): Promise<FoundImage> {
  const { reference, architecture, allowBuild, log } = options
  const present = await inspectImage(engine, reference)
  if (present?.architecture === architecture) return present
  if (!allowBuild) {
    throw new EnvironmentError(`Expected image ${reference} (${architecture}) at the engine`)
  }
  try {
    await pullImage({ reference, architecture, log })
  } catch (thrown) {
    if (present === undefined) throw thrown
    throw new InputError(
      `Expected image ${reference} to be for ${architecture}, the engine has it for ` +
        `${present.architecture} and no other is to be had: ${messageOf(thrown)}`,
    )
  }
  const image = await inspectImage(engine, reference)
  if (image?.architecture === architecture) return image
  throw new InputError(
    `Expected image ${reference} to be for ${architecture}, got ${image?.architecture ?? 'none'}`,
  )
}

const versionIn = (image: FoundImage) => image.labels[versionLabel]

/** A tag is a claim, what the binary says is what counts. A moving suite's image says so itself. */
function checkVersion(choice: ImageChoice, { found, source }: Obtained, proven: string): void {
  if (source === 'image') return
  const asked = choice.version ?? loadCatalogue().default
  const claimed = source === 'debian' ? (versionIn(found) ?? asked) : asked
  if (claimed === proven) return
  throw new EnvironmentError(
    `Expected ${found.reference} to hold etcd ${claimed}, its binary says ${proven}`,
  )
}
