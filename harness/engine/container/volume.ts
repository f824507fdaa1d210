import { randomBytes } from 'node:crypto'
import { type Belonging, labelsOf } from '../cleanup/labels.ts'
import { removeVolume } from '../cleanup/remove.ts'
import type { Engine } from '../connect.ts'

export interface VolumeOptions extends Belonging {
  readonly name: string
  /** In memory and no larger: a full one gives a real ENOSPC. Empty whenever nothing mounts it. */
  readonly sizeBytes?: number
}

/** A named volume. Disposing it removes it; its containers must be gone by then. */
export interface EngineVolume extends AsyncDisposable {
  readonly name: string
}

export async function createVolume(engine: Engine, options: VolumeOptions): Promise<EngineVolume> {
  const name = `gauntlet-${options.name}-${randomBytes(4).toString('hex')}`
  await engine.docker.createVolume({
    Name: name,
    Labels: labelsOf(options, 'data'),
    ...(options.sizeBytes !== undefined && {
      Driver: 'local',
      DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: `size=${options.sizeBytes},mode=0700` },
    }),
  })
  return volumeNamed(engine, name)
}

/** One that there is. */
export function volumeNamed(engine: Engine, name: string): EngineVolume {
  return { name, [Symbol.asyncDispose]: () => removeVolume(engine, name) }
}
