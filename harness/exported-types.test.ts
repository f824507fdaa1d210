import { expect, test } from 'vitest'
import { readSource, sourceFiles } from './testing/sources.ts'

/** Type names that two places still declare: no new one is added, and each goes when it is renamed. */
const allowed = ['Attempt', 'MemberPlace', 'Place', 'RangeRequest']

test('no two files export a type of one name', () => {
  const declared = sourceFiles()
    .filter((file) => /^(harness|reports|suites)\//.test(file))
    .flatMap((file) => typesOf(readSource(file)).map((name) => ({ name, file })))
  expect(declared.length).toBeGreaterThan(300)
  const twice = [...Map.groupBy(declared, ({ name }) => name).entries()]
    .filter(([name, places]) => places.length > 1 && !allowed.includes(name))
    .map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(', ')}`)
  expect(twice).toEqual([])
})

function typesOf(source: string): string[] {
  const declarations = source.matchAll(
    /^export (?:abstract )?(?:class|enum|interface|type) (\w+)\b(?! from)/gm,
  )
  return Array.from(declarations, ([, name = '']) => name)
}
