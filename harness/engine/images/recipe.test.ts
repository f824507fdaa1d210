import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import { dockerFolder, entryOf, loadCatalogue } from './catalogue.ts'
import { etcdRecipe, inputsHash, programsOf, toolboxRecipe, upstreamVersion } from './recipe.ts'

const catalogue = loadCatalogue()

test('the default version is one of the catalogue', () => {
  expect(entryOf(catalogue, catalogue.default).version).toBe('3.5.16')
})

test('an unknown version is an input error that lists the known ones', () => {
  expect(() => entryOf(catalogue, '3.9.9')).toThrow(InputError)
  expect(() => entryOf(catalogue, '3.9.9')).toThrow(
    /one of 3\.3\.25, 3\.4\.23, 3\.5\.16, 3\.5\.30 .*got `3\.9\.9`/,
  )
})

test('the bake file has a target for every version of the catalogue, with its suite', () => {
  const bake = readFileSync(join(dockerFolder(), 'bake.hcl'), 'utf8')
  const targets = [...bake.matchAll(/^target "(etcd-[\d-]+)" \{\n(.*?)^\}/gms)]
  const expected = catalogue.versions.map((entry) => etcdRecipe(entry, 'amd64').target)
  expect(targets.map((match) => match[1])).toEqual(expected)
  for (const [index, { version, source }] of catalogue.versions.entries()) {
    expect(targets[index]?.[2]).toContain(`"${version}"`)
    expect(targets[index]?.[2]).toContain(`SUITE = "${source.suite}"`)
  }
  expect(bake).toMatch(new RegExp(`SUITE = "${catalogue.tools.suite}" \\}\\s*\\}\\s*$`))
  expect(bake).toContain('platforms = ["linux/amd64", "linux/arm64"]')
})

test('the toolbox holds its programs, and their tests are in no image', () => {
  const programs = programsOf(toolboxRecipe(catalogue, 'amd64'))
  expect(programs).toContain('toolbox/delay-proxy.py')
  expect(programs.filter((file) => !/\.(py|sh)$/.test(file))).toEqual([])
})

test('a change of any input changes the hash, and nothing else does', () => {
  const entry = entryOf(catalogue, '3.5.16')
  const recipe = etcdRecipe(entry, 'amd64')
  expect(inputsHash(recipe)).toBe(inputsHash(etcdRecipe(entry, 'amd64')))
  const others = [
    etcdRecipe(entry, 'arm64'),
    etcdRecipe(entryOf(catalogue, '3.4.23'), 'amd64'),
    { ...recipe, packages: [...recipe.packages, 'dash'] },
    toolboxRecipe(catalogue, 'amd64'),
  ]
  const hashes = new Set([recipe, ...others].map(inputsHash))
  expect(hashes.size).toBe(others.length + 1)
})

test("a package's version is cut to etcd's own", () => {
  const versions = ['3.3.25+dfsg-6', '3.5.16-4', '3.5.30-1+b2', '2:3.4.23-4+b9', '3.6.0~rc1-1']
  expect(versions.map(upstreamVersion)).toEqual(['3.3.25', '3.5.16', '3.5.30', '3.4.23', '3.6.0'])
})
