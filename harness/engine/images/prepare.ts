import { exitCodes, GauntletError, messageOf } from '../../core/errors.ts'
import { stderrLog } from '../../core/log.ts'
import { ensureToolbox } from './ensure-built.ts'
import { resolveImage } from './resolve.ts'
import { readyEngine } from './setup.ts'

/*
 * `npm run bootstrap`: sets up now what the first run would. Arguments are versions of etcd; without
 * one it prepares the default version.
 */

const log = stderrLog()
const versions = process.argv.slice(2)

try {
  const { host } = await readyEngine(log)
  log.step(`container engine: ${host}`)
  for (const version of versions.length === 0 ? [undefined] : versions) {
    const chosen = version === undefined ? {} : { version }
    const image = await resolveImage({ ...chosen, architecture: 'native', allowBuild: true, log })
    log.step(`etcd ${image.version} (${image.architecture}): ${image.reference} ${image.digest}`)
  }
  log.step(`toolbox: ${await ensureToolbox({ log })}`)
} catch (thrown) {
  log.warn(messageOf(thrown))
  process.exitCode = thrown instanceof GauntletError ? thrown.exitCode : exitCodes.inconclusive
}
