import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePackages } from './packages.mjs'
import { run } from './run.mjs'
import { isInstallForbidden, SetUpError, stderrLog } from './setup-error.mjs'
import { asRoot, detectSystem } from './system.mjs'

/** @typedef {'amd64' | 'arm64'} Architecture */

const handlers = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' }
const mountPoint = '/proc/sys/fs/binfmt_misc'

/**
 * Whether this machine's kernel hands programs of `architecture` to qemu, with the flag F that
 * makes the handler work inside containers, where the interpreter's file is not visible.
 * @param {Architecture} architecture
 * @returns {'ready' | 'without-flag-f' | 'absent'}
 */
export function emulationState(architecture) {
  try {
    const text = readFileSync(join(mountPoint, handlers[architecture]), 'utf8')
    if (!text.startsWith('enabled')) return 'absent'
    return /^flags: \S*F/m.test(text) ? 'ready' : 'without-flag-f'
  } catch {
    return 'absent'
  }
}

/**
 * Enables this machine to run programs of another architecture: installs Debian's qemu-user-static
 * and binfmt-support, mounts the kernel's binfmt_misc, enables the handler with flag F. Only for an
 * engine on this machine: a remote one has its own kernel. Throws a SetUpError (exit code 4) with
 * the command where that is refused or not possible.
 * @param {Architecture} architecture
 * @param {{ log?: import('./setup-error.mjs').Log }} [options]
 */
export async function ensureEmulation(architecture, { log = stderrLog } = {}) {
  if (emulationState(architecture) === 'ready') return
  const system = detectSystem()
  const remedy = emulationRemedy(architecture)
  const needed = `Expected this machine to run ${architecture} programs by qemu`
  if (system.family !== 'debian')
    throw new SetUpError(`${needed}; no handler is registered`, { remedy })
  if (isInstallForbidden())
    throw new SetUpError(`${needed}; GAUNTLET_NO_INSTALL forbids it`, { remedy })
  if (!system.root) throw new SetUpError(`${needed}; only root can set it up`, { remedy })
  const why = `to run ${architecture} images`
  await ensurePackages(['qemu-user-static', 'binfmt-support'], { why, log })
  log.step(`enabling ${handlers[architecture]} in the kernel: ${why}`)
  await enableHandler(architecture)
  const state = emulationState(architecture)
  if (state !== 'ready') {
    throw new SetUpError(`${needed}; the kernel's handler is ${state} after it was enabled`, {
      remedy,
    })
  }
}

/** @param {Architecture} architecture */
export function emulationRemedy(architecture) {
  const { family, root } = detectSystem()
  const install = 'apt-get install -y --no-install-recommends qemu-user-static binfmt-support'
  const enable = `update-binfmts --enable ${handlers[architecture]}`
  if (family === 'debian') return asRoot(`${install} && ${enable}`, root)
  if (family === 'fedora') return asRoot('dnf install -y qemu-user-static', root)
  if (family === 'arch') {
    return asRoot('pacman -S --noconfirm qemu-user-static qemu-user-static-binfmt', root)
  }
  return `your engine's own set-up of ${handlers[architecture]} in binfmt_misc, with flag F`
}

/** @param {Architecture} architecture */
async function enableHandler(architecture) {
  const handler = handlers[architecture]
  if (!existsSync(join(mountPoint, 'register'))) {
    await run('modprobe', ['binfmt_misc'])
    await run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', mountPoint])
  }
  await run('update-binfmts', ['--enable', handler])
  if (emulationState(architecture) !== 'absent') return
  // Later Debian releases register through systemd's files, which only systemd reads.
  for (const rule of readRules(handler)) {
    try {
      writeFileSync(join(mountPoint, 'register'), rule)
    } catch {
      // The caller reads the state afterwards, which shows whether this mattered.
    }
  }
}

/** @param {string} handler */
function readRules(handler) {
  const folder = '/usr/lib/binfmt.d'
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.startsWith(handler) && name.endsWith('.conf'))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
    .filter((rule) => rule.startsWith(':'))
}
