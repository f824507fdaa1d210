import type { EmbeddedFile } from '../file-form.ts'
import { entriesAt, itemsAt, textAt, type YamlValue } from '../text/yaml-document.ts'

/** The resources of a file: its documents, and the items of those that are a List. */
export function resourcesOf(documents: readonly YamlValue[] = []): readonly YamlValue[] {
  return documents.flatMap((document) =>
    textAt(document, 'kind') === 'List' ? resourcesOf(itemsAt(document, 'items')) : [document],
  )
}

/** The texts of the ConfigMaps among the resources, by the name of the ConfigMap and the key. */
export function configMapsOf(resources: readonly YamlValue[]): ReadonlyMap<string, ConfigMap> {
  const maps = resources.filter((resource) => textAt(resource, 'kind') === 'ConfigMap')
  return new Map(
    maps.map((map) => {
      const texts = entriesAt(map, 'data').flatMap(({ key, value }) =>
        value.kind === 'scalar' ? [[key, { text: value.text, line: value.textLine }] as const] : [],
      )
      return [textAt(map, 'metadata', 'name') ?? '', new Map(texts)] as const
    }),
  )
}

export type ConfigMap = ReadonlyMap<string, PlacedText>

interface PlacedText {
  readonly text: string
  readonly line: number
}

/** A text within a file, with the lines of that file. */
export function embeddedFile(name: string, { text, line }: PlacedText): EmbeddedFile {
  return { name, text: '\n'.repeat(line - 1) + text }
}

/** Each text of the ConfigMaps as a file, as a volume has it. */
export function filesOfConfigMaps(resources: readonly YamlValue[]): readonly EmbeddedFile[] {
  return [...configMapsOf(resources).values()].flatMap((map) =>
    [...map].map(([key, placed]) => embeddedFile(key, placed)),
  )
}
