import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../../core/errors.ts'
import { readJson } from '../../core/read-json.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, expectShape, type Shape } from '../../core/schema/validator.ts'
import { architectureSchema } from '../../topology/spec-schema.ts'

/** `docker/catalogue.json`: the versions there are, and where their binaries come from. */
const entrySchema = Type.Object({
  version: Type.String(),
  architectures: Type.Array(architectureSchema),
  source: Type.Object({
    kind: Type.Literal('debian'),
    suite: Type.String(),
    moves: Type.Optional(
      Type.Boolean({
        description: 'The suite gets newer versions: the version that was found is what counts.',
      }),
    ),
  }),
})

const catalogueSchema = Type.Object({
  format: Type.Literal('gauntlet-catalogue/1'),
  default: Type.String(),
  versions: Type.Array(entrySchema),
  tools: Type.Object(
    { suite: Type.String() },
    { description: 'The Debian suite of the toolbox and of the build tools.' },
  ),
})

export interface CatalogueEntry extends Shape<typeof entrySchema> {}

export interface Catalogue extends Shape<typeof catalogueSchema> {}

const catalogues = createValidator(catalogueSchema)

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

/** Throws an InputError with the file and its first wrong field. */
export function loadCatalogue(file = join(dockerFolder(), 'catalogue.json')): Catalogue {
  const content = readJson(file, 'the list of versions')
  return expectShape(catalogues, content, { what: 'the list of versions', file })
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
