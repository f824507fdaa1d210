import { readdirSync } from 'node:fs'
import { lastLines, run } from './run.mjs'
import { installRefused, SetUpError, stderrLog } from './setup-error.mjs'
import { asRoot, detectSystem } from './system.mjs'

const flags = [
  '-y',
  '--no-install-recommends',
  '-o',
  'Dpkg::Use-Pty=0',
  '-o',
  'DPkg::Lock::Timeout=300',
]
const aptEnv = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' }
const aptTimeoutMs = 15 * 60_000

/**
 * Sees to it that Debian packages are installed, in one apt run for all that are missing, and
 * returns the names it installed. Says so before it starts. Throws a SetUpError with the exact
 * command where installing is refused (GAUNTLET_NO_INSTALL=1) or not possible.
 * @param {readonly string[]} names
 * @param {{ why: string, log?: import('./setup-error.mjs').Log }} options
 * @returns {Promise<string[]>}
 */
export async function ensurePackages(names, { why, log = stderrLog }) {
  const missing = await missingPackages(names)
  if (missing.length === 0) return []
  const system = detectSystem()
  const list = missing.join(' ')
  const remedy = asRoot(
    `apt-get update && apt-get install -y --no-install-recommends ${list}`,
    system.root,
  )
  const needed = `Expected ${list} to be installed (${why})`
  if (system.family !== 'debian') throw new SetUpError(`${needed}; this is not Debian or Ubuntu`)
  if (installRefused())
    throw new SetUpError(`${needed}; GAUNTLET_NO_INSTALL refuses it`, { remedy })
  if (!system.root) throw new SetUpError(`${needed}; only root can`, { remedy })
  log.step(`installing ${list} from this machine's package source: ${why}`)
  await installPackages(missing, remedy)
  return missing
}

/**
 * The names that dpkg does not know as installed; all of them where there is no dpkg.
 * @param {readonly string[]} names
 */
export async function missingPackages(names) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format
  const format = '${Package} ${db:Status-Status}\n'
  const query = await run('dpkg-query', ['-W', '-f', format, ...names])
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  )
  return names.filter((name) => !installed.has(name))
}

/**
 * The package lists are fetched when there are none, and once more when they proved too old for the
 * mirror. A source that does not answer is no reason to give up: what counts is the installation.
 * @param {readonly string[]} names
 * @param {string} remedy
 */
async function installPackages(names, remedy) {
  const apt = (/** @type {string[]} */ args) =>
    run('apt-get', args, { env: aptEnv, timeoutMs: aptTimeoutMs })
  const install = () => apt(['install', ...flags, ...names])
  const fresh = !hasPackageLists()
  if (fresh) await apt(['update'])
  let ran = await install()
  if (ran.code !== 0 && !fresh) {
    await apt(['update'])
    ran = await install()
  }
  if (ran.code === 0) return
  const shown = lastLines(`${ran.stdout}\n${ran.stderr}`, 15)
  throw new SetUpError(`apt-get could not install ${names.join(' ')}:\n${shown}\n`, { remedy })
}

function hasPackageLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => /_Packages(\.\w+)?$/.test(name))
  } catch {
    return false
  }
}
