import type { Log } from '../../core/log.ts'
import { readRelease } from '../../engine/images/binaries/release.ts'
import type { EtcdChoice } from '../../engine/images/choice.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import type { EtcdUnderTest } from '../../run-record/run-record.ts'
import { etcdOf } from '../../scenario/build-plan.ts'
import type { Architecture } from '../../topology/spec.ts'
import { etcdSourceOf } from '../input/etcd-source.ts'
import { nativeArchitecture } from '../options/cluster.ts'
import type { RunOptions } from '../options/run.ts'
import { checkVersion } from '../prepare.ts'

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

function parseEtcd(text: string, architecture: Architecture): EtcdChoice {
  switch (etcdSourceOf(text, '--upgrade-to')) {
    case 'etcd': {
      const version = text.replace(/^v/, '')
      checkVersion(version)
      return { version }
    }
    case 'binaries':
      readRelease(text, architecture)
      return { binaries: text }
    case 'tarball':
      return { tarball: { from: text } }
    case 'image':
      return { image: text }
  }
}
