import { EnvironmentError } from '../../core/errors.ts'
import type { Engine } from '../connect.ts'
import { mountOf } from './create-options.ts'
import { startIdleToolbox } from './idle-toolbox.ts'
import type { EngineContainer } from './lifecycle.ts'
import { runTool } from './tool.ts'
import { createVolume, type EngineVolume, type VolumeOptions } from './volume.ts'

export interface CopyOptions extends VolumeOptions {
  readonly toolboxImage: string
}

/**
 * Creates a volume with a copy of all that is in `from`, which stays. A toolbox keeps a volume in
 * memory mounted until it is disposed, so that its content survives its other containers. Throws an
 * EnvironmentError, with nothing left behind, when the copy does not fit.
 */
export async function copyVolume(
  engine: Engine,
  from: EngineVolume,
  options: CopyOptions,
): Promise<EngineVolume> {
  const { sizeBytes, toolboxImage: image, ...belonging } = options
  await using unwinding = new AsyncDisposableStack()
  const volume = unwinding.use(await createVolume(engine, options))
  if (sizeBytes !== undefined) unwinding.use(await holdMounted(engine, volume, options))
  const { exitCode, stderr } = await runTool(engine, {
    ...belonging,
    image,
    argv: ['cp', '-a', '/from/.', '/to/'],
    volumes: [
      { volume: from.name, target: '/from', readOnly: true },
      { volume: volume.name, target: '/to' },
    ],
  })
  if (exitCode !== 0) {
    const room = sizeBytes === undefined ? 'on the disk' : `in ${sizeBytes} bytes`
    throw new EnvironmentError(`Expected the data to fit ${room}, got: ${stderr.trim()}`)
  }
  const owned = unwinding.move()
  return { name: volume.name, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function holdMounted(
  engine: Engine,
  volume: EngineVolume,
  { toolboxImage: image, sizeBytes: _, ...options }: CopyOptions,
): Promise<EngineContainer> {
  const mount = mountOf({ volume: volume.name, target: '/data' })
  return startIdleToolbox(engine, {
    ...options,
    image,
    name: `${options.name}-data`,
    hostConfig: { NetworkMode: 'none', Mounts: [mount] },
  })
}
