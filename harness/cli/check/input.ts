import { InputError } from '../../core/errors.ts'
import { readBeginning } from '../../history/files/input.ts'
import { foreignFormatNames } from '../../history/formats/names.ts'
import { refuseNoHistory } from '../../history/formats/not-histories.ts'
import { isRobustnessReport } from '../../history/formats/robustness/is-report.ts'
import type { CheckInputFile, ReadingOptions } from './input-file.ts'

type Reader = (file: string, options: ReadingOptions) => Promise<CheckInputFile>

/** The directory of a robustness test: the only format that is no file. */
const reportFormat = 'etcd-robustness'

/**
 * Our own formats by name; those of other programs are in the registry of the history's formats.
 * Readers and checkers are loaded for a file that needs them: loading them is most of a small check.
 */
const ownReaders: Readonly<Record<string, Reader>> = {
  'gauntlet-history/1': readOwn,
  'gauntlet-watch/1': readWatches,
  'gauntlet-watch/2': readWatches,
  'gauntlet-lease/1': async (file) => (await import('./logs.ts')).readLeases(file),
  [reportFormat]: async (directory) => (await import('./report.ts')).readReport(directory),
}

/** What `--format` may be, with what each holds. */
export const formats: readonly { readonly name: string; readonly holds: string }[] = [
  { name: 'gauntlet-history/1', holds: 'our own, docs/HISTORY.md' },
  { name: 'gauntlet-watch/2', holds: 'what watchers received; with history.jsonl beside it' },
  { name: 'gauntlet-lease/1', holds: 'lease requests; needs history.jsonl beside it' },
  {
    name: reportFormat,
    holds: "the directory that etcd's robustness test leaves: client-N/…",
  },
  ...Object.entries(foreignFormatNames).map(([name, holds]) => ({ name, holds })),
]

/** Reads one file by the given format, or by the one that its beginning shows. */
export async function readInput(file: string, options: ReadingOptions): Promise<CheckInputFile> {
  const isReport = options.format === undefined && (await isRobustnessReport(file))
  const given = isReport ? reportFormat : options.format
  const beginning = given === reportFormat ? Buffer.alloc(0) : await readBeginning(file)
  const name = given ?? (await formatOf(file, beginning))
  expectFittingOptions(file, name, options)
  const own = ownReaders[name]
  return own === undefined ? readForeign(file, name, options) : own(file, options)
}

/** A JSON object that no format recognizes is read as our own history, whose reader says what is wrong. */
async function formatOf(file: string, beginning: Buffer): Promise<string> {
  const text = beginning.toString()
  const own = /^\uFEFF?\s*\{[^\n]*?"format"\s*:\s*"(gauntlet-[a-z]+\/\d+)"/.exec(text)?.[1]
  if (own !== undefined) return own in ownReaders ? own : 'gauntlet-history/1'
  const { recognizeFormat } = await import('../../history/formats/registry.ts')
  const foreign = recognizeFormat(text)?.name
  if (foreign === undefined) refuseNoHistory(file, beginning)
  return foreign ?? 'gauntlet-history/1'
}

function expectFittingOptions(file: string, name: string, { model, initial }: ReadingOptions) {
  const refuse = (option: string, wanted: string) => {
    throw new InputError(`${file}: Expected \`${option}\` with ${wanted} only, got ${name}`, {
      file,
    })
  }
  if (model !== undefined && name !== 'gauntlet-history/1') refuse('--model', 'gauntlet-history/1')
  const holdsNoRegister = /^(gauntlet-watch|gauntlet-lease|etcd-robustness)/.test(name)
  if (initial !== undefined && holdsNoRegister) refuse('--initial', 'histories')
}

async function readOwn(file: string, options: ReadingOptions): Promise<CheckInputFile> {
  return (await import('./history.ts')).readOwnHistory(file, options)
}

async function readWatches(file: string): Promise<CheckInputFile> {
  return (await import('./logs.ts')).readWatches(file)
}

async function readForeign(
  file: string,
  name: string,
  options: ReadingOptions,
): Promise<CheckInputFile> {
  const { foreignFormats } = await import('../../history/formats/registry.ts')
  const format = foreignFormats.find((each) => each.name === name)
  if (format === undefined) throw new RangeError(`Expected a known format, got ${name}`)
  return (await import('./history.ts')).readForeignHistory(file, format, options)
}
