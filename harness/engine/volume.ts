import { randomBytes } from 'node:crypto'
import type { Engine } from './connect.ts'
import { type Belonging, labelsOf } from './labels.ts'
import { removeVolume } from './remove.ts'

/** A named volume. Disposing it removes it; its containers must be gone by then. */
export interface EngineVolume extends AsyncDisposable {
  readonly name: string
}

export async function createVolume(
  engine: Engine,
  options: Belonging & { readonly name: string },
): Promise<EngineVolume> {
  const name = `gauntlet-${options.name}-${randomBytes(4).toString('hex')}`
  await engine.docker.createVolume({ Name: name, Labels: labelsOf(options, 'data') })
  return { name, [Symbol.asyncDispose]: () => removeVolume(engine, name) }
}
