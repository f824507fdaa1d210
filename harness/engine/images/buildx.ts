import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { arch, homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { cacheFolder } from '../../bootstrap/cache.mjs'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { loadCatalogue } from './catalogue.ts'
import { extractFile } from './rootfs.ts'

const packagedPlugin = '/usr/libexec/docker/cli-plugins/docker-buildx'

/**
 * Finds a buildx program that works: the installed one, else Debian's, which it keeps in our cache.
 * It needs no docker client and leaves the user's ~/.docker alone. Undefined where there is neither.
 */
export async function findBuildx(log: Log): Promise<string | undefined> {
  const cached = join(cacheFolder(), 'docker-buildx')
  for (const path of [...pluginPaths(), cached]) {
    if (existsSync(path) && (await isWorking(path))) return path
  }
  try {
    log.step("fetching buildx from Debian's packages, into our own cache")
    await fetchBuildx(cached, log)
    return (await isWorking(cached)) ? cached : undefined
  } catch (thrown) {
    log.warn(`no buildx, using the engine's own builder: ${messageOf(thrown)}`)
    return undefined
  }
}

function pluginPaths(): string[] {
  const own = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')
  const folders = [
    own,
    '/usr/local/lib/docker/cli-plugins',
    '/usr/local/libexec/docker/cli-plugins',
    '/usr/lib/docker/cli-plugins',
    '/usr/libexec/docker/cli-plugins',
    '/opt/homebrew/lib/docker/cli-plugins',
  ]
  return folders.map((folder) => join(folder, 'docker-buildx'))
}

async function isWorking(path: string): Promise<boolean> {
  const ran = await execa(path, ['version'], { reject: false, timeout: 10_000 })
  return ran.exitCode === 0
}

/** Into a folder of its own first: two runs at once must not see half a program. */
async function fetchBuildx(target: string, log: Log): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true })
  const folder = await mkdtemp(join(cacheFolder(), 'fetch-'))
  try {
    await extractFile({
      package: 'docker-buildx',
      suite: loadCatalogue().tools.suite,
      architecture: arch() === 'arm64' ? 'arm64' : 'amd64',
      path: packagedPlugin,
      folder,
      log,
    })
    await rename(join(folder, 'docker-buildx'), target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
