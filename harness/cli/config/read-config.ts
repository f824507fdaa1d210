import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError, messageOf } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'

const usualFiles = ['gauntlet.config.ts', 'gauntlet.config.mjs', 'gauntlet.config.js']

/** What a file says of a run, one profile's fields over the others, by the names of options. */
export interface FoundConfig {
  readonly file: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Reads the file or, when none is given, the usual one of this directory; undefined where there is
 * none. Throws an InputError for a file that cannot be loaded, for a key that is no option (`known`)
 * and for a profile that the file does not have.
 */
export async function readConfig(options: {
  readonly file?: string | undefined
  readonly profile?: string | undefined
  readonly known: readonly string[]
}): Promise<FoundConfig | undefined> {
  const { file = usualFiles.find((name) => existsSync(name)), profile, known } = options
  if (file === undefined) {
    if (profile === undefined) return undefined
    throw new InputError(`Expected a ${usualFiles[0]} with the profile \`${profile}\`, got no file`)
  }
  const { profiles = {}, ...fields } = await load(file)
  expectObject(profiles, `${file}: \`profiles\``)
  expectKnown(fields, { known: [...known, 'profiles'], where: file })
  for (const [name, chosen] of Object.entries(profiles)) {
    expectObject(chosen, `${file}: profile \`${name}\``)
    expectKnown(chosen, { known, where: `${file}: profile \`${name}\`` })
  }
  if (profile === undefined) return { file, fields }
  if (!Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles)
    const list = names.length === 0 ? 'it has none' : `one of ${names.join(', ')}`
    throw new InputError(
      `Expected \`--profile\` to be a profile of ${file} (${list}), got \`${profile}\`${suggestion(profile, names)}`,
      { option: '--profile', file },
    )
  }
  return { file, fields: { ...fields, ...(profiles[profile] as object) } }
}

type Fields = Readonly<Record<string, unknown>>

/** By Node itself, which takes the types off. */
async function load(file: string): Promise<Fields> {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new InputError(`Expected a config file at ${file}, got no such file`, { file })
  }
  const loaded = await import(pathToFileURL(path).href).catch((thrown: unknown) => {
    throw new InputError(`Expected ${file} to load, got: ${messageOf(thrown)}`, { file }, thrown)
  })
  const exported = (loaded as { readonly default?: unknown }).default
  expectObject(exported, `the default export of ${file}`)
  return exported
}

function expectObject(value: unknown, what: string): asserts value is Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw new InputError(
    `Expected ${what} to be an object, got ${JSON.stringify(value) ?? 'nothing'}`,
  )
}

function expectKnown(
  fields: Fields,
  { known, where }: { readonly known: readonly string[]; readonly where: string },
): void {
  const wrong = Object.keys(fields).find((key) => !known.includes(key))
  if (wrong === undefined) return
  throw new InputError(
    `Expected a key of ${where} to be one of ${known.join(', ')}, got \`${wrong}\`${suggestion(wrong, known)}`,
    { key: wrong },
  )
}
