import { existsSync, statSync } from 'node:fs'
import { InputError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { readRelease } from '../engine/images/binaries/release.ts'
import type { EtcdChoice } from '../engine/images/choice.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import type { EtcdUnderTest } from '../run-record/run-record.ts'
import { etcdOf } from '../scenario/build-plan.ts'
import type { Architecture } from '../topology/spec.ts'
import { nativeArchitecture } from './options/cluster.ts'
import type { RunOptions } from './options/run.ts'
import { checkVersion } from './prepare.ts'

/**
 * What `--upgrade-to` names, in order. Throws an InputError for what can be no etcd, without touching
 * the engine.
 */
export function upgradeChoices({ upgradeTo, arch }: RunOptions): EtcdChoice[] {
  const architecture = arch ?? nativeArchitecture()
  return upgradeTo.map((text) => parseEtcd(text, architecture))
}

/** The same at the engine: built or fetched where it has none. */
export async function resolveUpgrades(
  options: RunOptions,
  log: Log,
): Promise<readonly EtcdUnderTest[]> {
  const architecture = options.arch ?? nativeArchitecture()
  const resolved: EtcdUnderTest[] = []
  for (const choice of upgradeChoices(options)) {
    resolved.push(etcdOf(await resolveImage({ ...choice, architecture, allowBuild: true, log })))
  }
  return resolved
}

/** Of a path or a URL, as no reference of an image begins. */
const looksLikePlace = (text: string): boolean => /^(\.{0,2}\/|[a-z]+:\/\/|$)/.test(text)

/** A version such as 3.5.30, a directory of binaries, a release archive, else an image. */
function parseEtcd(text: string, architecture: Architecture): EtcdChoice {
  if (/^v?\d+\.\d+\.\d+$/.test(text)) {
    const version = text.replace(/^v/, '')
    checkVersion(version)
    return { version }
  }
  if (!existsSync(text)) {
    if (!looksLikePlace(text)) return { image: text }
    throw new InputError(`Expected a directory or an archive at \`--upgrade-to ${text}\`, got none`)
  }
  if (statSync(text).isFile()) return { tarball: { from: text } }
  readRelease(text, architecture)
  return { binaries: text }
}
