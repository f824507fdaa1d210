import { chmod, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { detectSystem } from '../../bootstrap/system.mjs'
import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { isVersion, seriesOf } from '../../topology/version.ts'
import { dockerFolder } from './catalogue.ts'
import { machineMirror } from './mirror.ts'
import { type Recipe, upstreamVersion } from './recipe.ts'
import { readyPackages } from './setup.ts'

const timeoutMs = 5 * 60_000
const mergedUsr = '/usr/share/mmdebstrap/hooks/merged-usr'

/**
 * Makes the root file system of a recipe from Debian's packages, for either architecture and
 * without running anything of it. Returns the package version that was found; throws an
 * EnvironmentError when the suite holds another etcd than the recipe expects (a moving suite may
 * hold a later patch release: then it warns).
 */
export async function makeRootfs(
  recipe: Recipe,
  options: { readonly folder: string; readonly file: string; readonly log: Log },
): Promise<{ packageVersion: string }> {
  const hook = join(options.folder, recipe.hook)
  await copyFile(join(dockerFolder(), recipe.hook), hook)
  await chmod(hook, 0o755)
  const output = await mmdebstrap(recipe, {
    args: [
      // The hook leaves nothing of apt to clean up; `dev` is mounted while it runs.
      ...['--skip=output/dev', '--skip=cleanup', `--hook-dir=${mergedUsr}`],
      `--extract-hook=${hook}`,
    ],
    target: options.file,
    log: options.log,
  })
  const packageVersion = /^gauntlet-etcd-package (\S+)$/m.exec(output)?.[1] ?? ''
  checkVersion(recipe, packageVersion, options.log)
  return { packageVersion }
}

/** Extracts one file of a Debian package. Installs nothing. */
export async function extractFile(options: {
  readonly package: string
  readonly suite: string
  readonly architecture: Recipe['architecture']
  readonly path: string
  readonly folder: string
  readonly log: Log
}): Promise<void> {
  await mmdebstrap(
    { ...options, packages: [options.package], moves: false },
    {
      args: ['--format=null', `--extract-hook=copy-out ${options.path} ${options.folder}`],
      target: '-',
      log: options.log,
    },
  )
}

async function mmdebstrap(
  what: Pick<Recipe, 'packages' | 'suite' | 'architecture' | 'moves'>,
  how: { readonly args: readonly string[]; readonly target: string; readonly log: Log },
): Promise<string> {
  const mirror = machineMirror()
  const tools = ['mmdebstrap', ...(mirror === undefined ? ['debian-archive-keyring'] : [])]
  await ensureTools(tools, how.log)
  const args = [
    '--variant=extract',
    ...how.args,
    `--architectures=${what.architecture}`,
    `--include=${what.packages.join(',')}`,
    // A mirror that is a snapshot keeps a moving suite past its release file's date.
    ...(what.moves ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
    ...(await proxyOptions()),
    ...[what.suite, how.target],
    ...(mirror === undefined ? [] : [mirror]),
  ]
  const ran = await execa('mmdebstrap', args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
  })
  if (ran.exitCode === 0) return ran.all
  const last = ran.all.split('\n').filter((line) => /^(E|W|Err):/.test(line))
  const names = what.packages.join(', ')
  throw new EnvironmentError(
    `Expected ${names} from Debian ${what.suite} (${what.architecture}), got: ` +
      (last.slice(-4).join(' | ') || ran.all.slice(-400) || ran.shortMessage || 'no answer'),
  )
}

async function ensureTools(tools: readonly string[], log: Log): Promise<void> {
  const others = 'or name an image by `--image` or a registry by GAUNTLET_REGISTRY'
  if (detectSystem().family !== 'debian') {
    throw new EnvironmentError(
      `Expected Debian or Ubuntu, where images are built from Debian's packages; ${others}`,
    )
  }
  await readyPackages(tools, "to build images from Debian's packages", log)
}

/** This machine's apt proxy also serves the build, which reads no settings of this machine. */
async function proxyOptions(): Promise<string[]> {
  const dump = await execa('apt-config', ['dump', 'Acquire'], { reject: false, lines: true })
  return (dump.stdout ?? [])
    .filter((line) => /^Acquire::https?::Proxy(-Auto-Detect)? "[^"]+";$/.test(line))
    .map((line) => `--aptopt=${line}`)
}

/** A moving suite may be ahead of the catalogue by patch releases; the record has the found version. */
function checkVersion(recipe: Recipe, packageVersion: string, log: Log): void {
  const { version, suite, moves } = recipe
  if (version === undefined) return
  const found = upstreamVersion(packageVersion)
  if (found === version) return
  const isPatch = isVersion(found) && seriesOf(found) === seriesOf(version)
  if (moves && isPatch) {
    log.warn(`Debian ${suite} now holds etcd ${found}, not ${version}: testing ${found}`)
    return
  }
  throw new EnvironmentError(
    `Expected Debian ${suite} to hold etcd ${version}, got ${packageVersion || 'no version'}`,
    { version, found, suite },
  )
}
