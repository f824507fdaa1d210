import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'
import { gauntletVariableOf, layerOptions } from './layered-options.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** With a file of its own, because Node loads a module once. */
async function layered(given: {
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly config?: string
}) {
  const { words = [], environment = {}, config } = given
  const file = join(folder, 'gauntlet.config.ts')
  if (config !== undefined) writeFileSync(file, config)
  const command = addOptions(new Command('run'), runOptions).exitOverride()
  const from = config === undefined ? [] : ['--config', file]
  command.parse([...from, ...words], { from: 'user' })
  return layerOptions<RunOptions>(command, runOptions, environment)
}

const typed = `
  interface Config { readonly members?: number }
  const config: Config & Record<string, unknown> = {
    members: 5, depth: 'ci', duration: '30m', flag: ['a=1', 'b=2'], suites: ['chaos'],
    profiles: { small: { members: 1 } },
  }
  export default config`

test('flags win over the environment, and that one over the file', async () => {
  const environment = { GAUNTLET_DEPTH: 'quick', GAUNTLET_MEMBERS: '7' }
  const { options, suites } = await layered({
    words: ['--members', '3'],
    environment,
    config: typed,
  })
  expect(options).toMatchObject({ members: 3, depth: 'quick', duration: 1_800_000 })
  expect(options.flag).toEqual(['a=1', 'b=2'])
  expect(suites).toEqual(['chaos'])
})

test("a profile's fields win over those beside it, and a list of flags replaces the file's", async () => {
  const words = ['--profile', 'small', '--flag', 'c=3']
  const { options } = await layered({ words, config: typed })
  expect(options).toMatchObject({ members: 1, depth: 'ci', flag: ['c=3'] })
})

test('a version of the file does not contradict an image of the command line', async () => {
  const config = "export default { etcd: '3.5.30' }"
  const { options } = await layered({ words: ['--image', 'a/b'], config })
  expect(options).toMatchObject({ image: 'a/b' })
  expect(options.etcd).toBeUndefined()
})

test('the type of a file has every option that a file may set', () => {
  const perCall = ['config', 'profile', 'json', 'dryRun', 'shard', 'matrix', 'selfTests']
  const source = readFileSync(join(import.meta.dirname, 'gauntlet-config.ts'), 'utf8')
  const settable = Object.keys(runOptions).filter((key) => !perCall.includes(key))
  expect(settable.filter((key) => !source.includes(`  readonly ${key}?:`))).toEqual([])
})

test('without a file and variables there are the flags alone', async () => {
  const { options, suites } = await layered({ words: ['--seed', '3'] })
  expect(options).toMatchObject({ seed: 3, depth: 'full', flag: [] })
  expect(suites).toEqual([])
})

test.for([
  [
    "export default { dept: 'ci' }",
    /to be one of .*depth.*, got `dept` \(did you mean `depth`\?\)/,
  ],
  ["export default { depth: 'quik' }", /Expected `depth` of `.*` to be one of quick.*`quick`\?/],
  ["export default { flag: 'a=1' }", /Expected `flag` of `.*` to be a list, got "a=1"/],
  ['export default { allowEven: 1 }', /Expected `allowEven` of `.*` to be true or false, got 1/],
  ['export default 3', /default export of .* to be an object, got 3/],
  ['export default {', /Expected .*gauntlet\.config\.ts to load, got: /],
  ['export default { profiles: { small: { member: 1 } } }', /profile `small`.*`members`\?/],
] as const)('%s is rejected in one line', async ([config, says]) => {
  const failure = await layered({ config }).catch((error) => error)
  expect(failure.message).toMatch(says)
  expect(failure.message).not.toContain('\n')
  expect(failure.exitCode).toBe(2)
})

test('a wrong variable or profile is rejected by its name', async () => {
  const environment = { GAUNTLET_MEMBERS: 'three' }
  await expect(layered({ environment })).rejects.toThrow(
    'Expected `GAUNTLET_MEMBERS` to be a whole number, got `three`',
  )
  await expect(layered({ words: ['--profile', 'smal'], config: typed })).rejects.toThrow(
    /got `smal` \(did you mean `small`\?\)/,
  )
  expect(gauntletVariableOf('allowEven')).toBe('GAUNTLET_ALLOW_EVEN')
})
