import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Architecture } from '../../topology/spec.ts'
import { connectEngine, type Engine } from '../connect.ts'
import { buildImage } from './build.ts'
import { loadCatalogue } from './catalogue.ts'
import type { ImageChoice } from './choice.ts'
import { engineArchitecture, type FoundImage, inspectImage } from './inspect.ts'
import { inputsHash, inputsLabel, type Recipe, toolboxRecipe } from './recipe.ts'

/**
 * Makes sure that the engine has the toolbox image, and returns its reference. `native` is the
 * engine's architecture, which also serves emulated members: a network namespace has no architecture.
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
  return (await ensureBuilt(engine, recipe, { allowBuild, log })).reference
}

/** The image of a recipe. Builds it when it is missing or its inputs have changed. */
export async function ensureBuilt(
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
