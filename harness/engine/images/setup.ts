import { type Architecture, ensureEmulation } from '../../bootstrap/emulation.mjs'
import { ensureEngine } from '../../bootstrap/engine.mjs'
import { ensurePackages } from '../../bootstrap/packages.mjs'
import { SetUpError } from '../../bootstrap/setup-error.mjs'
import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

/*
 * The bootstrap's functions for use within the harness: the same guarantees, with an
 * EnvironmentError (exit code 4) where they throw their own kind.
 */

/** See `ensureEngine` of the bootstrap. */
export const readyEngine = (log: Log): Promise<{ host: string; started: boolean }> =>
  asEnvironmentError(ensureEngine({ log }))

/** See `ensureEmulation` of the bootstrap. */
export const readyEmulation = (architecture: Architecture, log: Log): Promise<void> =>
  asEnvironmentError(ensureEmulation(architecture, { log }))

/** See `ensurePackages` of the bootstrap. */
export const readyPackages = (names: readonly string[], why: string, log: Log): Promise<string[]> =>
  asEnvironmentError(ensurePackages(names, { why, log }))

async function asEnvironmentError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    if (!(thrown instanceof SetUpError)) throw thrown
    throw new EnvironmentError(thrown.message, thrown.fields, thrown)
  }
}
