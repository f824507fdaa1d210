import { randomBytes } from 'node:crypto'
import { type Belonging, labelsOf } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { type HostConfig, withoutCapabilities } from './create-options.ts'
import { containerOf, type EngineContainer } from './lifecycle.ts'

export interface IdleToolboxOptions extends Belonging {
  /** Beginning of the container's name. */
  readonly name: string
  readonly image: string
  /** What it shares with others, and its capabilities; none unless given. */
  readonly hostConfig: HostConfig
}

/**
 * Starts a toolbox that does nothing until programs are run in it. Rejects as the engine does, with
 * nothing left behind.
 */
export async function startIdleToolbox(
  engine: Engine,
  options: IdleToolboxOptions,
): Promise<EngineContainer> {
  const { id } = await engine.docker.createContainer({
    name: `gauntlet-${options.name}-${randomBytes(4).toString('hex')}`,
    Image: options.image,
    Entrypoint: ['sleep'],
    Cmd: ['infinity'],
    Labels: labelsOf(options, 'sidecar'),
    HostConfig: { ...withoutCapabilities, ...options.hostConfig },
  })
  await using unwinding = new AsyncDisposableStack()
  const toolbox = unwinding.use(containerOf(engine, id))
  await toolbox.start()
  unwinding.move()
  return toolbox
}
