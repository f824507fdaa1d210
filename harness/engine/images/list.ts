import type { Architecture } from '../../topology/spec.ts'
import { connectEngine } from '../connect.ts'
import { loadCatalogue } from './catalogue.ts'
import { inspectImage } from './inspect.ts'
import { etcdRecipe, inputsHash, inputsLabel, toolboxRecipe, versionLabel } from './recipe.ts'

export interface ListedImage {
  readonly name: 'etcd' | 'toolbox'
  readonly reference: string
  /** For etcd the present image's, else the catalogue's; for the toolbox its suite. */
  readonly version: string
  readonly architecture: Architecture
  readonly source: string
  /** `outdated`: its inputs have changed; the next use builds it again. */
  readonly state: 'present' | 'outdated' | 'absent'
  readonly digest: string | null
  readonly sizeBytes: number | null
}

/** Every image that can be built here, and whether the engine has it. Builds and fetches nothing. */
export async function listImages(): Promise<ListedImage[]> {
  const engine = await connectEngine()
  const catalogue = loadCatalogue()
  const recipes = [
    ...catalogue.versions.flatMap((entry) =>
      entry.architectures.map((architecture) => etcdRecipe(entry, architecture)),
    ),
    ...(['amd64', 'arm64'] as const).map((architecture) => toolboxRecipe(catalogue, architecture)),
  ]
  return Promise.all(
    recipes.map(async (recipe) => {
      const { reference, architecture, suite } = recipe
      const image = await inspectImage(engine, reference)
      const isCurrent = image?.labels[inputsLabel] === inputsHash(recipe)
      return {
        name: recipe.version === undefined ? 'toolbox' : 'etcd',
        reference,
        version: image?.labels[versionLabel] ?? recipe.version ?? suite,
        architecture,
        source: `debian ${suite}`,
        state: image === undefined ? 'absent' : isCurrent ? 'present' : 'outdated',
        digest: image?.digest ?? null,
        sizeBytes: image?.sizeBytes ?? null,
      }
    }),
  )
}
