import { readFileSync, statSync } from 'node:fs'
import { InputError, messageOf } from '../../core/errors.ts'
import { type Deployment, readDeployment } from '../../forms/deployment/deployment.ts'
import { formNamed } from '../../forms/file-forms.ts'
import { hasFeature } from '../../topology/etcd-features.ts'

/** Larger than any deployment file: a database that was given by mistake is not read. */
const mostBytes = 4 * 2 ** 20

/**
 * The deployment in the user's files; undefined when they gave none. Throws an InputError for a file
 * that cannot be read or understood.
 */
export function readDeploymentFiles(
  paths: readonly string[],
  form?: string,
): Deployment | undefined {
  if (paths.length === 0) {
    if (form === undefined) return undefined
    throw new InputError('Expected `--from` beside `--form`, got none')
  }
  const files = paths.map((path) => ({ path, text: readText(path) }))
  return readDeployment(files, form === undefined ? undefined : formNamed(form))
}

/**
 * What the words behind `--from a.env b.env` mean: with `--from` a word that is no name the command knows
 * and the path of a file is one more file of the deployment. The other words stay.
 */
export function takeMoreFiles(
  words: readonly string[],
  from: readonly string[],
  isName: (word: string) => boolean,
): { readonly words: readonly string[]; readonly from: readonly string[] } {
  const isFile = (word: string) => {
    return from.length > 0 && !isName(word) && statSync(word, { throwIfNoEntry: false })?.isFile()
  }
  return {
    words: words.filter((word) => !isFile(word)),
    from: [...from, ...words.filter(isFile)],
  }
}

/**
 * Throws an InputError for a deployment for which that version of etcd exits at once, and for one with
 * a setting of the user's whose value no file has: another would run in its place.
 */
export function expectStartable({ members }: Deployment, version: string): void {
  const [open] = members
    .flatMap(({ notUnderstood }) => notUnderstood)
    .filter(({ isUnresolved }) => isUnresolved)
  if (open !== undefined) {
    const { file, line, setting, value } = open
    const found = value === '' ? 'one that comes from elsewhere' : value
    throw new InputError(
      `${file}:${line}: expected a value of ${setting}, found ${found}, which no given file has`,
      { file, line, setting },
    )
  }
  const [ending] = members
    .flatMap(({ notUnderstood }) => notUnderstood)
    .filter(({ endsEtcd }) => endsEtcd !== undefined && hasFeature(version, endsEtcd))
  if (ending !== undefined) {
    const { file, line, setting } = ending
    throw new InputError(
      `${file}:${line}: expected a value of ${setting}, found none, for which etcd ${version} exits`,
      { file, line, setting },
    )
  }
  const [twice] = members.flatMap(({ setTwice }) => setTwice)
  if (twice === undefined || !hasFeature(version, 'flag-and-variable-refused')) return
  const { file, line, setting } = twice
  throw new InputError(
    `${file}:${line}: expected ${setting} as a flag or as a variable, found both, for which etcd ${version} exits`,
    { file, line, setting },
  )
}

function readText(path: string): string {
  try {
    const { size } = fileAt(path)
    if (size > mostBytes) {
      throw new InputError(`Expected ${path} to be a deployment file, got ${size} bytes`)
    }
    return decode(path, readFileSync(path))
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown
    const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    const found = isMissing ? 'no such file' : messageOf(thrown)
    throw new InputError(`Expected ${path} to be a readable file, got ${found}`, { path })
  }
}

/** A pipe would wait for its writer, and a directory has no text. */
function fileAt(path: string): { readonly size: number } {
  const found = statSync(path)
  if (found.isFile()) return found
  throw new InputError(`Expected ${path} to be a file, got something else`, { path })
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`Expected ${path} to be UTF-8 text, got other bytes`, { path })
  }
}
