import { findEngine } from '../bootstrap/engine-find.mjs'
import { EnvironmentError } from '../core/errors.ts'
import { connectEngine, type Engine } from '../engine/connect.ts'

/** The engine that is there, for commands that must not install one. Exit 4 when none answers. */
export async function requireEngine(): Promise<Engine> {
  if ((await findEngine()) === undefined) {
    throw new EnvironmentError(
      'Expected a container engine to answer, found none: npm run bootstrap',
    )
  }
  return connectEngine()
}
