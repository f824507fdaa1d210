import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { run } from './run.mjs'
import { SetUpError, stderrLog } from './setup-error.mjs'
import { findProgram } from './system.mjs'

const installTimeoutMs = 10 * 60_000

/**
 * Makes node_modules match the lockfile by `npm ci`. Logs a line to standard error before it runs,
 * and npm's own output only when it fails. Does nothing when they match.
 * @param {string} root
 * @param {import('./setup-error.mjs').Log} [log]
 */
export async function ensureModules(root, log = stderrLog) {
  const reason = staleReason(root)
  if (reason === undefined) return
  log.step(`${reason}: running npm ci`)
  const { file, args, env } = npmCommand(root)
  const ran = await run(file, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    env,
    timeoutMs: installTimeoutMs,
  })
  const remedy = `cd ${root} && npm ci`
  if (ran.code !== 0) {
    const shown = firstProblems(`${ran.stderr}\n${ran.stdout}`)
    throw new SetUpError(`npm ci failed:\n${shown}\n`, { remedy })
  }
  const still = staleReason(root)
  if (still !== undefined) throw new SetUpError(`${still} after npm ci`, { remedy })
}

/**
 * Why node_modules does not match the lockfile, or undefined when it does. npm writes what it
 * installed to node_modules/.package-lock.json as its last step; the two are compared package by
 * package, so it does not matter who installed it, or when.
 * @param {string} root
 * @returns {string | undefined}
 */
export function staleReason(root) {
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  if (installed === undefined) return 'node_modules is missing'
  const wanted = readPackages(join(root, 'package-lock.json')) ?? {}
  const other = Object.keys(wanted).find((path) => path !== '' && isOther(path))
  if (other !== undefined) return `node_modules is older than the lockfile (${other})`
  const extra = Object.keys(installed).find((path) => wanted[path] === undefined)
  return extra === undefined ? undefined : `node_modules is older than the lockfile (${extra})`

  /** @param {string} path */
  function isOther(path) {
    const [want, have] = [wanted[path], installed?.[path]]
    // Other platforms' packages are in the lockfile and not on this disk.
    if (have === undefined) return want?.optional !== true
    return have.version !== want?.version || have.integrity !== want?.integrity
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * npm prints the problem first, and its manual page after it.
 * @param {string} output
 */
function firstProblems(output) {
  const lines = output.split('\n').filter((line) => line !== '' && !/^npm (warn|notice)/.test(line))
  return lines.slice(0, 15).join('\n')
}

/**
 * npm must not run on the Node that it is about to replace, so node_modules/.bin leaves the PATH.
 * @param {string} root
 */
function npmCommand(root) {
  const bin = join(root, 'node_modules')
  const folders = (process.env.PATH ?? '').split(delimiter)
  const path = folders.filter((folder) => !folder.startsWith(bin)).join(delimiter)
  // Under `npm run -s` the child npm would fail silently.
  const env = { PATH: path, npm_config_loglevel: 'warn' }
  const npm = path.split(delimiter).find((folder) => existsSync(join(folder, 'npm')))
  if (npm !== undefined) return { file: join(npm, 'npm'), args: [], env }
  const beside = join(dirname(process.execPath), 'npm')
  return { file: findProgram('npm') ?? beside, args: [], env }
}
