import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'

/** Where a version's binaries come from. Each kind is obtained by one function of `obtain.ts`. */
interface DebianSource {
  readonly kind: 'debian'
  readonly suite: string
  /** The suite gets newer versions: the one that was found is what counts. */
  readonly moves?: boolean
}

export interface CatalogueEntry {
  readonly version: string
  readonly architectures: readonly Architecture[]
  readonly source: DebianSource
}

export interface Catalogue {
  readonly format: 'gauntlet-catalogue/1'
  readonly default: string
  readonly versions: readonly CatalogueEntry[]
  /** The Debian suite of the toolbox and of the build tools. */
  readonly tools: { readonly suite: string }
}

/** The folder `docker/`: of the checkout, or of the installed package. */
export function dockerFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'docker/catalogue.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new InputError('Expected docker/catalogue.json above this file')
    folder = parent
  }
  return join(folder, 'docker')
}

export function loadCatalogue(): Catalogue {
  return JSON.parse(readFileSync(join(dockerFolder(), 'catalogue.json'), 'utf8')) as Catalogue
}

/** Throws an InputError that lists the versions there are. */
export function entryOf(catalogue: Catalogue, version: string): CatalogueEntry {
  const entry = catalogue.versions.find((candidate) => candidate.version === version)
  if (entry !== undefined) return entry
  const known = catalogue.versions.map((candidate) => candidate.version).join(', ')
  throw new InputError(
    `Expected \`--etcd\` to be one of ${known} (others: \`--image\`, or GAUNTLET_REGISTRY), got \`${version}\``,
    { option: 'etcd', version },
  )
}
