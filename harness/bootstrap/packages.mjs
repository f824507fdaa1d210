import { readdirSync } from 'node:fs'
import { lastLines, run } from './run.mjs'
import { isInstallForbidden, SetUpError, stderrLog } from './setup-error.mjs'
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
 * Installs the Debian packages that are missing, in one apt run, and returns their names. Logs it
 * before it starts. Throws a SetUpError with the exact command where installing is forbidden
 * (GAUNTLET_NO_INSTALL=1) or not possible.
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
  if (isInstallForbidden())
    throw new SetUpError(`${needed}; GAUNTLET_NO_INSTALL forbids it`, { remedy })
  if (!system.root) throw new SetUpError(`${needed}; only root can install it`, { remedy })
  log.step(`installing ${list} from this machine's package source: ${why}`)
  await installPackages(missing, remedy)
  return missing
}

/**
 * The names of packages that dpkg does not list as installed; all of them where there is no dpkg.
 * @param {readonly string[]} names
 */
async function missingPackages(names) {
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
 * Fetches the package lists when there are none, and again when they proved too old for the mirror.
 * Goes on when a source does not answer: only the installation counts.
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
