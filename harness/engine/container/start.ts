import { GenericContainer } from 'testcontainers'
import { EnvironmentError, exitCodes, GauntletError, messageOf } from '../../core/errors.ts'
import { labelsOf, portsLabel } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { hostConfigOf, networkingOf } from './create-options.ts'
import { containerOf, type EngineContainer } from './lifecycle.ts'
import type { ContainerPlan } from './plan.ts'

/** The process exited before its start was complete; `logs` is all that it wrote. Exit 3. */
export class ContainerExitedError extends GauntletError {
  readonly logs: string
  readonly exitStatus: number

  constructor(options: { name: string; exitStatus: number; logs: string }) {
    const { name, exitStatus, logs } = options
    super(`Expected container ${name} to run, got exit status ${exitStatus}`, {
      code: 'CONTAINER_EXITED',
      exitCode: exitCodes.inconclusive,
      fields: { name, exitStatus },
    })
    this.logs = logs
    this.exitStatus = exitStatus
  }
}

/**
 * Creates and starts a container through testcontainers: on the given network only, with its ports
 * on 127.0.0.1, unprivileged, labelled. Returns when its process has been started, not when it
 * serves. On failure nothing of it is left, and the error carries what it wrote.
 */
export async function startContainer(
  engine: Engine,
  plan: ContainerPlan,
): Promise<EngineContainer> {
  const ending = new AbortController()
  const starting = new MemberContainer(engine, plan, ending.signal)
  try {
    await Promise.race([starting.start(), starting.exited])
    return starting.created()
  } catch (thrown) {
    const exit = thrown instanceof GauntletError ? undefined : await starting.missedExit()
    await starting.discard()
    if (thrown instanceof GauntletError) throw thrown
    if (exit !== undefined) throw exit
    throw new EnvironmentError(
      `Expected container ${plan.name} to start, got: ${messageOf(thrown)}`,
      { name: plan.name },
      thrown,
    )
  } finally {
    ending.abort()
  }
}

/**
 * testcontainers publishes on every interface, adds the default bridge to a given network, and drops
 * the logs of a container that fails its wait. Hence this class sets its parts directly and waits
 * for nothing. It runs as root whatever the image says: keys are root's and 0600.
 */
class MemberContainer extends GenericContainer {
  readonly #engine: Engine
  readonly #plan: ContainerPlan
  readonly #ending: AbortSignal
  readonly #exit = Promise.withResolvers<never>()
  #container: EngineContainer | undefined

  constructor(engine: Engine, plan: ContainerPlan, ending: AbortSignal) {
    super(plan.image)
    this.#engine = engine
    this.#plan = plan
    this.#ending = ending
    this.#exit.promise.catch(() => {})
    const ports = plan.ports.map(({ host }) => host).join(',')
    this.withName(plan.name)
      .withHostname(plan.hostname)
      .withUser('0:0')
      .withEntrypoint([...plan.entrypoint])
      .withCommand([...plan.command])
      .withEnvironment({ ...plan.environment })
      .withLabels({ ...labelsOf(plan, plan.role), ...(ports !== '' && { [portsLabel]: ports }) })
      .withDefaultLogDriver()
      .withAutoCleanup(engine.reaped && plan.keep !== true)
      .withWaitStrategy(waitForNothing)
    this.networkMode = plan.network.name
    // A name without a value takes the variable out of what the image sets.
    const Env = [...(this.createOpts.Env ?? []), ...(plan.unset ?? [])]
    this.createOpts = { ...this.createOpts, Env, ...networkingOf(plan) }
    this.hostConfig = { ...this.hostConfig, ...hostConfigOf(plan) }
  }

  /** Rejects when the process exits during its start. */
  get exited(): Promise<never> {
    return this.#exit.promise
  }

  created(): EngineContainer {
    if (this.#container !== undefined) return this.#container
    throw new EnvironmentError(`Expected container ${this.#plan.name} to be created, got none`)
  }

  /** A process may exit before the engine is asked to wait for it. */
  async missedExit(): Promise<ContainerExitedError | undefined> {
    const state = await this.#container?.state().catch(() => undefined)
    if (this.#container === undefined || state === undefined) return undefined
    if (state.running || state.startedAt.startsWith(neverStarted)) return undefined
    const logs = await this.#container.logs()
    return new ContainerExitedError({ name: this.#plan.name, exitStatus: state.exitCode, logs })
  }

  async discard(): Promise<void> {
    await this.#container?.[Symbol.asyncDispose]()
  }

  /** Before it starts. Certificates may still be in the making while the engine creates. */
  protected override async containerCreated(id: string): Promise<void> {
    const container = containerOf(this.#engine, id)
    this.#container = container
    const entries = await this.#plan.files
    if (entries.length > 0) await container.putFiles(entries)
    void this.#watch(container)
  }

  async #watch(container: EngineContainer): Promise<void> {
    const name = this.#plan.name
    try {
      const exitStatus = await container.nextExit(this.#ending)
      const logs = await container.logs()
      this.#exit.reject(new ContainerExitedError({ name, exitStatus, logs }))
    } catch {
      // The wait was aborted, or the start failed with its own error.
    }
  }
}

/** How the engine writes the time of a start that was not. */
const neverStarted = '0001-'

const waitForNothing = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => waitForNothing,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
}
