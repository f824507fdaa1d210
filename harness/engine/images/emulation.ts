import { type Architecture, emulationRemedy } from '../../bootstrap/emulation.mjs'
import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Engine } from '../connect.ts'
import { askVersion, type FoundImage } from './inspect.ts'
import { readyEmulation } from './setup.ts'

/**
 * Runs the image's etcd for its version, which proves that the engine can run it. Sets up emulation
 * first where only that is missing and the engine is on this machine.
 */
export async function ensureRunnable(
  engine: Engine,
  options: { readonly found: FoundImage; readonly emulated: boolean; readonly log: Log },
): Promise<string> {
  const { found, emulated, log } = options
  const { reference, architecture } = found
  let answer = await askVersion(engine, reference)
  if (!answer.ran && emulated && answer.emulationMissing && isLocal()) {
    await readyEmulation(architecture, log)
    answer = await askVersion(engine, reference)
  }
  if (answer.ran) return answer.version
  if (answer.emulationMissing) throw noEmulation(architecture, answer.problem)
  throw new EnvironmentError(
    `Expected \`etcd --version\` of ${reference} to answer, got: ${answer.problem}`,
    { reference },
  )
}

function noEmulation(architecture: Architecture, problem: string): EnvironmentError {
  const remedy = emulationRemedy(architecture)
  return new EnvironmentError(
    `Expected the engine to run ${architecture} programs, got: ${problem}. Run where the engine is: ${remedy}`,
    { architecture, remedy },
  )
}

/** A socket on Linux is this machine's kernel; elsewhere it leads to a virtual machine. */
function isLocal(): boolean {
  const host = process.env.DOCKER_HOST ?? ''
  return process.platform === 'linux' && (host === '' || host.startsWith('unix:'))
}
