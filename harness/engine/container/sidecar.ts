import { EnvironmentError, messageOf } from '../../core/errors.ts'
import type { Belonging } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import type { ExecOutcome } from './exec.ts'
import { startIdleToolbox } from './idle-toolbox.ts'
import type { EngineContainer } from './lifecycle.ts'

/** A toolbox beside one container, in its network namespace. Disposing it removes the toolbox. */
export interface Sidecar extends AsyncDisposable {
  /**
   * Runs a program there. The toolbox stays for the next call, and a new one takes its place when
   * the container was restarted, because its namespace changed. Throws when that does not run.
   */
  run(argv: readonly string[]): Promise<ExecOutcome>
}

interface Toolbox {
  readonly container: EngineContainer
  /** Of the container beside it: the life whose namespace this toolbox shares. */
  readonly startedAt: string
}

export interface SidecarOptions extends Belonging {
  readonly name: string
  readonly image: string
}

/** Nothing is started until the first call. Calls wait for one another's toolbox, not for its work. */
export function sidecarOf(
  engine: Engine,
  beside: EngineContainer,
  options: SidecarOptions,
): Sidecar {
  let current: Promise<Toolbox | undefined> = Promise.resolve(undefined)
  const toolboxNow = (): Promise<Toolbox> => {
    const next = current.catch(() => undefined).then((old) => renew(engine, beside, options, old))
    current = next
    return next
  }
  return {
    run: async (argv) => (await toolboxNow()).container.exec(argv),
    [Symbol.asyncDispose]: async () => {
      const toolbox = await current.catch(() => undefined)
      await toolbox?.container[Symbol.asyncDispose]()
    },
  }
}

async function renew(
  engine: Engine,
  beside: EngineContainer,
  options: SidecarOptions,
  old: Toolbox | undefined,
): Promise<Toolbox> {
  const { running, startedAt } = await beside.state()
  if (running && old?.startedAt === startedAt) return old
  await old?.container[Symbol.asyncDispose]()
  if (!running) {
    throw new EnvironmentError(
      `Expected ${options.name} to run, got a stopped one: its network namespace is gone`,
      { name: options.name },
    )
  }
  return { container: await startToolbox(engine, beside.id, options), startedAt }
}

/** NET_ADMIN and no other capability: rules and queues of this one namespace, nothing else. */
async function startToolbox(
  engine: Engine,
  beside: string,
  options: SidecarOptions,
): Promise<EngineContainer> {
  try {
    return await startIdleToolbox(engine, {
      ...options,
      name: `${options.name}-net`,
      hostConfig: { NetworkMode: `container:${beside}`, CapAdd: ['NET_ADMIN'] },
    })
  } catch (thrown) {
    throw new EnvironmentError(
      `Expected a sidecar of ${options.name} to start, got: ${messageOf(thrown)}`,
      { name: options.name },
      thrown,
    )
  }
}
