import type { Problem } from '../form.ts'
import { interpolate } from '../text/compose-template.ts'
import type { Variables } from '../text/shell-parameters.ts'
import type { YamlValue } from '../text/yaml-document.ts'

/**
 * A Compose file with the variables of its values replaced; keys have none. A value that Compose
 * refuses is a problem, in any part of the file.
 */
export function interpolateValues(
  document: YamlValue,
  variables: Variables,
): { readonly document: YamlValue; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  return { document: replaceIn(document), problems }

  function replaceIn(value: YamlValue): YamlValue {
    if (value.kind === 'list') return { ...value, items: value.items.map(replaceIn) }
    if (value.kind === 'map') {
      const entries = value.entries.map((entry) => ({ ...entry, value: replaceIn(entry.value) }))
      return { ...value, entries }
    }
    const text = interpolate(value.text, variables)
    if (text !== undefined) return { ...value, text }
    const lines = value.text.split('\n')
    const at = lines.findIndex((line) => interpolate(line, variables) === undefined)
    const expected = 'a variable as a name in braces, and two dollars for one'
    problems.push({ line: value.textLine + at, expected, found: (lines[at] ?? '').trim() })
    return value
  }
}
