import type { Problem } from '../form.ts'
import { fromArguments, type Given } from '../given.ts'
import type { Word } from '../text/etcd-command.ts'
import { entriesAt, formatYaml, itemsAt, textAt, type YamlValue } from '../text/yaml-document.ts'

/** What etcd takes from words that have a line each. */
export function givenArguments(words: readonly Word[]): Given {
  return fromArguments(
    words.map(({ text }) => text),
    words.map(({ line }) => line),
  )
}

/** A map of flags, which kubeadm has up to v1beta3, or a list of names and values, from v1beta4 on. */
export function argumentsOf(value: YamlValue | undefined): Word[] {
  if (value?.kind === 'map') {
    return entriesAt(value).map(({ key, line, value: of }) => ({
      text: `--${key}=${of.kind === 'list' ? of.items.map(formatYaml).join(',') : formatYaml(of)}`,
      line,
    }))
  }
  return itemsAt(value).map((item) => ({
    text: `--${textAt(item, 'name') ?? ''}=${textAt(item, 'value') ?? ''}`,
    line: item.line,
  }))
}

/** A list of flags as a command line has them. */
export function flagsIn(value: YamlValue | undefined): Word[] {
  return itemsAt(value).flatMap((item) =>
    item.kind === 'scalar' ? [{ text: item.text, line: item.textLine }] : [],
  )
}

/** A problem where the value under that key is there, and is of another kind. */
export function kindProblem(
  value: YamlValue | undefined,
  { key, kind }: { readonly key: string; readonly kind: 'map' | 'list' },
): Problem[] {
  if (value === undefined || value.kind === kind) return []
  if (value.kind === 'scalar' && value.type === 'null') return []
  const expected = kind === 'map' ? `a map of flags in ${key}` : `a list in ${key}`
  return [{ line: value.line, expected, found: formatYaml(value) }]
}
