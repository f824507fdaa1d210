import { ToolError } from '../core/errors.ts'
import { done, poll } from '../core/poll.ts'
import type { EngineContainer } from '../engine/container/lifecycle.ts'
import { ContainerExitedError, startContainer } from '../engine/container/start.ts'
import { certificatePaths } from '../pki/layout.ts'
import { type DoorKind, traitsOf } from '../topology/door.ts'
import { architectureEnvironment } from '../topology/etcd-features.ts'
import { numberOf } from '../topology/option-values.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { clientUrl } from '../topology/urls.ts'
import { type Certificates, withKeyDirectories } from './certificates.ts'
import { type Infrastructure, membersImage } from './infrastructure/infrastructure.ts'
import { belongingOf, scaledMs } from './plan.ts'
import { type RunningDoor, runningDoor } from './running-door.ts'
import type { Member } from './types.ts'

type Places = readonly Pick<Member, 'name' | 'architecture' | 'address' | 'clientEndpoint'>[]

const readyMs = 30_000

/**
 * Starts the spec's doors, one beside each of the members, and returns when each lets a request through.
 * None where the spec has none.
 */
export async function startDoors(
  infrastructure: Infrastructure,
  certificates: Certificates | undefined,
  members: Places,
): Promise<readonly RunningDoor[]> {
  if (infrastructure.plan.spec.door === undefined) return []
  await using unwinding = new AsyncDisposableStack()
  const ports = await infrastructure.doorPorts(members.length)
  const starting = members.map(async (member, index) =>
    unwinding.use(
      await startDoor({ infrastructure, certificates, members, member, port: ports[index] ?? 0 }),
    ),
  )
  const started = await Promise.allSettled(starting)
  const doors = started.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
  unwinding.move()
  return doors
}

interface DoorParts {
  readonly infrastructure: Infrastructure
  readonly certificates: Certificates | undefined
  readonly members: Places
  /** The one beside which it stands. */
  readonly member: Places[number]
  /** Published on 127.0.0.1. */
  readonly port: number
}

async function startDoor(parts: DoorParts): Promise<RunningDoor> {
  const { infrastructure, certificates, member } = parts
  const { spec } = infrastructure.plan
  const kind = spec.door as DoorKind
  const name = `${member.name}-${kind}`
  const address = infrastructure.addressOf(name)
  const endsTls = traitsOf(spec)?.passesCertificates === false && spec.tls.client !== 'none'
  const files = endsTls ? ((await certificates?.proxyFiles(name, address)) ?? []) : []
  const container = await startProcess(infrastructure, {
    ...belongingOf(infrastructure.plan),
    name: infrastructure.containerName(name),
    role: 'door',
    image: membersImage(infrastructure.plan),
    hostname: name,
    entrypoint: ['etcd'],
    command: doorArguments(spec, turnedTo(parts.members, member)),
    environment: architectureEnvironment(spec.version, member.architecture),
    network: { name: infrastructure.network.name, address, aliases: [name] },
    ports: [{ container: spec.ports.client, host: parts.port }],
    volumes: [],
    files: withKeyDirectories(files),
  })
  await using unwinding = new AsyncDisposableStack()
  const place = { name, address, port: parts.port, memberEndpoint: member.clientEndpoint }
  const door = unwinding.use(runningDoor({ infrastructure, certificates, container, place }))
  await poll(async () => done(await door.status()), {
    what: `${name} to let a request through`,
    deadlineMs: scaledMs(infrastructure.plan, readyMs),
  })
  unwinding.move()
  return door
}

/** The member beside it first, so that doors do not all begin at the same one. */
function turnedTo(members: Places, first: Places[number]): Places {
  const at = members.indexOf(first)
  return [...members.slice(at), ...members.slice(0, at)]
}

/** etcd's own default is a minute, for which nobody is served after all members were away at once. */
const retryDelay = '1s'

/** Arguments of `etcd`, the same in every version since 3.3. */
export function doorArguments(
  spec: ClusterSpec,
  members: readonly Pick<Member, 'address'>[],
): string[] {
  const { client: port } = spec.ports
  const listen = `--listen-addr=0.0.0.0:${port}`
  if (spec.door === 'gateway') {
    const endpoints = members.map((member) => `${member.address}:${port}`).join(',')
    const begin = ['gateway', 'start', `--endpoints=${endpoints}`, listen]
    return [...begin, `--retry-delay=${retryDelay}`]
  }
  const endpoints = members.map((member) => clientUrl(spec, member.address)).join(',')
  const begin = ['grpc-proxy', 'start', `--endpoints=${endpoints}`, listen]
  // Without an address of its own it answers with the members, when a client asks for their list.
  const more = ['--advertise-client-url=', `--max-send-bytes=${mostBytes(spec)}`]
  return [...begin, ...more, ...proxyTls(spec)]
}

/** gRPC's part of a request, which a member allows beyond its limit (`grpcOverheadBytes` of etcd). */
const overheadBytes = 512 * 1_024

/** By default a proxy sends less than a member takes. */
const mostBytes = (spec: ClusterSpec) =>
  Math.max(...spec.members.map(({ name }) => numberOf(spec, 'max-request-bytes', name))) +
  overheadBytes

/** It shows a certificate to members that ask for none, too: with a CA alone a proxy exits. */
function proxyTls({ tls }: ClusterSpec): string[] {
  if (tls.client === 'none') return []
  const { ca, server, client } = certificatePaths('cfssl')
  const toMembers = [`--cacert=${ca}`, `--cert=${client.cert}`, `--key=${client.key}`]
  const toClients = [`--cert-file=${server.cert}`, `--key-file=${server.key}`]
  return [
    ...toMembers,
    ...toClients,
    ...(tls.client === 'mutual' ? [`--trusted-ca-file=${ca}`] : []),
  ]
}

async function startProcess(
  { engine }: Infrastructure,
  plan: Parameters<typeof startContainer>[1],
): Promise<EngineContainer> {
  try {
    return await startContainer(engine, plan)
  } catch (thrown) {
    if (!(thrown instanceof ContainerExitedError)) throw thrown
    const last = thrown.logs.trim().split('\n').at(-1) ?? ''
    throw new ToolError(
      `Expected etcd ${plan.command.slice(0, 2).join(' ')} to run, got exit status ${thrown.exitStatus}: ${last}`,
    )
  }
}
