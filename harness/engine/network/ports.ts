import { createServer } from 'node:net'
import { EnvironmentError } from '../../core/errors.ts'
import { filtersOf, portsLabel, runLabel } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'

/** Below every system's ephemeral range: no outgoing connection takes one while it is unused. */
const firstPort = 20_000
const lastPort = 32_000

/** Given out by this process: two clusters may be starting at once. */
const reserved = new Set<number>()

/**
 * Host ports that are free on 127.0.0.1 and belong to no container of ours, a stopped one included.
 * They stay reserved in this process until released. Another program may still take one; then
 * the container's start fails.
 */
export async function reservePorts(engine: Engine, count: number): Promise<number[]> {
  const taken = await portsOfContainers(engine)
  const ports: number[] = []
  const span = lastPort - firstPort
  const start = Math.floor(Math.random() * span)
  for (let step = 0; step < span && ports.length < count; step++) {
    const port = firstPort + ((start + step) % span)
    if (taken.has(port) || reserved.has(port)) continue
    reserved.add(port)
    if (await isFree(port)) ports.push(port)
    else reserved.delete(port)
  }
  if (ports.length === count) return ports
  releasePorts(ports)
  throw new EnvironmentError(`Expected ${count} free ports on 127.0.0.1, got ${ports.length}`)
}

export function releasePorts(ports: readonly number[]): void {
  for (const port of ports) reserved.delete(port)
}

async function portsOfContainers(engine: Engine): Promise<Set<number>> {
  const containers = await engine.docker.listContainers({
    all: true,
    filters: filtersOf([runLabel]),
  })
  const labels = containers.flatMap(({ Labels }) => Labels[portsLabel]?.split(',') ?? [])
  return new Set(labels.map(Number))
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
    server.close(() => resolve(true))
  })
  return promise
}
