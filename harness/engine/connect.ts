import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers'
import { EnvironmentError, messageOf } from '../core/errors.ts'

export type Docker = ContainerRuntimeClient['container']['dockerode']
export type DockerContainer = ReturnType<Docker['getContainer']>

/** A container engine that answers. Holds nothing that must be released. */
export interface Engine {
  readonly docker: Docker
  /** testcontainers' reaper also watches what this process starts. */
  readonly reaped: boolean
}

/** The reaper's image that testcontainers 12.0 would start. */
const defaultReaperImage = 'testcontainers/ryuk:0.14.0'

/**
 * Connects to the engine that testcontainers finds (DOCKER_HOST, the usual sockets, Podman's).
 * Uses the reaper where its image is present and switches it off otherwise. Never pulls the image: a
 * machine without a registry must work. Throws an EnvironmentError when no engine answers.
 */
export async function connectEngine(): Promise<Engine> {
  useLoopback()
  const client = await getContainerRuntimeClient().catch((thrown: unknown) => {
    throw new EnvironmentError(
      `Expected a container engine to answer, got: ${messageOf(thrown)}`,
      {},
      thrown,
    )
  })
  const docker = client.container.dockerode
  const reaped = await decideReaper(docker)
  if (reaped) keepOnLoopback(client)
  return { docker, reaped }
}

const kept = new WeakSet<ContainerRuntimeClient>()

/**
 * The reaper holds the engine's socket, and testcontainers publishes it on every interface. Gives
 * the loopback to bound ports that name no address; once a client.
 */
function keepOnLoopback(client: ContainerRuntimeClient): void {
  if (kept.has(client)) return
  kept.add(client)
  const create = client.container.create.bind(client.container)
  client.container.create = (options) => {
    const bindings = Object.entries(options.HostConfig?.PortBindings ?? {}) as [string, object[]][]
    const PortBindings = Object.fromEntries(
      bindings.map(([port, hosts]) => [port, hosts.map((h) => ({ HostIp: '127.0.0.1', ...h }))]),
    )
    return create({ ...options, HostConfig: { ...options.HostConfig, PortBindings } })
  }
}

/**
 * Our ports are on the loopback of the engine's host. By default, testcontainers inside a container
 * takes the bridge's gateway for the host, or starts an image to find it.
 */
function useLoopback(): void {
  const remote = /^(tcp|http|https|ssh):/.test(process.env.DOCKER_HOST ?? '')
  if (!remote) process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1'
}

/** testcontainers reads the variable when the first container starts, not when it is loaded. */
async function decideReaper(docker: Docker): Promise<boolean> {
  if (process.env.TESTCONTAINERS_RYUK_DISABLED === 'true') return false
  const image = process.env.RYUK_CONTAINER_IMAGE ?? defaultReaperImage
  const present = await docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    )
  if (!present) process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  return present
}

/** The HTTP status of the engine's answer, where the thrown value has one. */
export function statusCodeOf(thrown: unknown): number | undefined {
  const code = (thrown as { statusCode?: unknown } | null)?.statusCode
  return typeof code === 'number' ? code : undefined
}

/** Awaits an engine call. The given HTTP statuses mean that it is already so, and are no error. */
export async function tolerating(
  statuses: readonly number[],
  call: Promise<unknown>,
): Promise<void> {
  try {
    await call
  } catch (thrown) {
    const status = statusCodeOf(thrown)
    if (status === undefined || !statuses.includes(status)) throw thrown
  }
}
