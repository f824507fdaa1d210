import { InputError } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'
import type { Engine } from '../connect.ts'
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

/** The chosen image at the engine: by its reference, from a registry, or built. One way a source. */
export async function obtainImage(
  engine: Engine,
  choice: ImageChoice,
  architecture: Architecture,
): Promise<Obtained> {
  if (choice.image !== undefined) {
    const found = await ensureFetched(engine, { ...choice, reference: choice.image, architecture })
    // testcontainers takes a shortened id for a name, with the tag `latest`.
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
      found: await ensureFetched(engine, { ...choice, reference, architecture }),
      source: 'registry',
    }
  }
  const entry = entryOf(catalogue, version)
  if (!entry.architectures.includes(architecture)) {
    throw new InputError(
      `Expected etcd ${version} for ${entry.architectures.join(' or ')}, got ${architecture}`,
    )
  }
  return {
    found: await ensureBuilt(engine, etcdRecipe(entry, architecture), choice),
    source: 'debian',
  }
}
