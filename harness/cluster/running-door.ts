import { EnvironmentError } from '../core/errors.ts'
import type { EngineContainer } from '../engine/container/lifecycle.ts'
import { type Sidecar, sidecarOf } from '../engine/container/sidecar.ts'
import { authUsers } from '../topology/auth-users.ts'
import { clientUrl } from '../topology/urls.ts'
import type { DoorPlacement } from './attach/placement.ts'
import type { Certificates } from './certificates.ts'
import type { Infrastructure } from './infrastructure/infrastructure.ts'
import { belongingOf, scaledMs, toolboxImageOf } from './plan.ts'
import { probeOf } from './probe.ts'
import type { Door } from './types.ts'

/** A door and what it stands on. Disposing it keeps its log and removes its container. */
export interface RunningDoor extends Door, AsyncDisposable {
  readonly placement: DoorPlacement
  logs(): Promise<string>
  /** Removes what runs beside it and closes its connections; the door itself goes on. */
  leave(): Promise<void>
}

interface RunningDoorParts {
  readonly infrastructure: Infrastructure
  readonly certificates: Pick<Certificates, 'credentials'> | undefined
  readonly container: EngineContainer
  readonly place: DoorPlacement
}

const statusTimeoutMs = 1_000

/** A door of this container, which this process started or another one. */
export function runningDoor(parts: RunningDoorParts): RunningDoor {
  const { infrastructure, certificates, container, place } = parts
  const { engine, plan, logs } = infrastructure
  const { name, address, memberEndpoint } = place
  const endpoint = clientUrl(plan.spec, '127.0.0.1', place.port)
  const probe = probeOf({
    endpoint,
    httpEndpoint: endpoint,
    credentials: () => certificates?.credentials,
    // Behind a door that ends TLS a certificate names nobody.
    login: plan.spec.auth?.by === 'password' ? authUsers.root : undefined,
  })
  let isRemoved = false
  let sidecar: Sidecar | undefined
  const live = () => {
    if (!isRemoved) return container
    throw new EnvironmentError(`Expected ${name} to have a container, got none`)
  }
  const leave = async () => {
    const beside = sidecar
    sidecar = undefined
    probe.close()
    await beside?.[Symbol.asyncDispose]()
  }
  return {
    name,
    clientEndpoint: endpoint,
    memberEndpoint,
    address,
    placement: place,
    kill: () => live().kill(),
    start: () => live().start(),
    pause: () => live().pause(),
    resume: () => live().resume(),
    isRunning: async () => (await live().state()).running,
    process: () => live().state(),
    status: (timeoutMs = scaledMs(plan, statusTimeoutMs)) => {
      probe.reset()
      return probe.status(timeoutMs)
    },
    inNetwork: (argv) => {
      const image = toolboxImageOf(plan)
      sidecar ??= sidecarOf(engine, live(), { ...belongingOf(plan), name, image })
      return sidecar.run(argv)
    },
    logs: () => live().logs(),
    leave,
    [Symbol.asyncDispose]: async () => {
      if (isRemoved) return
      isRemoved = true
      await leave()
      const text = await container.kill().then(
        () => container.logs(),
        () => container.logs().catch(() => ''),
      )
      logs.keep(name, text)
      await container[Symbol.asyncDispose]()
    },
  }
}
