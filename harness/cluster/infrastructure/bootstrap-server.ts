import { done, notYet, poll } from '../../core/poll.ts'
import type { EngineContainer } from '../../engine/container/lifecycle.ts'
import type { ContainerPlan } from '../../engine/container/plan.ts'
import { startContainer } from '../../engine/container/start.ts'
import {
  type Bootstrap,
  clusterDomain,
  domainName,
  serviceRecord,
} from '../../topology/bootstrap.ts'
import { architectureEnvironment, hasFeature } from '../../topology/etcd-features.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { variablesOf } from '../member/container-plan.ts'
import { belongingOf, scaledMs, toolboxImageOf } from '../plan.ts'
import { type Infrastructure, membersImage } from './infrastructure.ts'

/** What a first member needs, to find the others where no list names them. */
interface BootstrapServer {
  readonly bootstrap: Bootstrap
  readonly nameServer?: string
}

/**
 * Starts what the spec's first members ask for each other: an etcd of the same image as discovery
 * service, or a DNS server with their records. It belongs to the cluster and goes with it. Undefined
 * for a cluster whose members are listed.
 */
export async function startBootstrapServer(
  infrastructure: Infrastructure,
): Promise<BootstrapServer | undefined> {
  const { bootstrap } = infrastructure.plan.spec
  if (bootstrap === undefined) return undefined
  return bootstrap === 'dns' ? startNameServer(infrastructure) : startDiscovery(infrastructure)
}

/** Names that no member has: a member's is a host name. */
const hostOf = { discovery: '(discovery)', dns: '(dns)' } as const

const token = 'members'
const readyMs = 30_000

async function startDiscovery(infrastructure: Infrastructure): Promise<BootstrapServer> {
  const { plan, addressOf } = infrastructure
  const { spec } = plan
  const url = `http://${addressOf(hostOf.discovery)}:2379`
  const command = discoveryFlags(spec, url)
  const container = await start(infrastructure, 'discovery', {
    image: membersImage(plan),
    entrypoint: ['etcd'],
    command,
    environment: architectureEnvironment(spec.version, spec.members[0]?.architecture ?? 'amd64'),
    unset: variablesOf(command, []),
  })
  await untilDone(infrastructure, container, {
    what: 'the discovery service to hold the size of the cluster',
    ...sizeWriter(spec),
  })
  return { bootstrap: { by: 'discovery', url, token } }
}

function discoveryFlags({ version }: ClusterSpec, url: string): string[] {
  const peer = 'http://127.0.0.1:2380'
  return [
    '--name=discovery',
    '--data-dir=/discovery',
    '--listen-client-urls=http://0.0.0.0:2379',
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=discovery=${peer}`,
    ...(hasFeature(version, 'discovery-v3') ? [] : ['--enable-v2=true']),
  ]
}

/** As https://etcd.io/docs/v3.5/dev-internal/discovery_protocol/ has it, and its v3 successor. */
function sizeWriter({ members, version }: ClusterSpec): Pick<Attempted, 'argv' | 'environment'> {
  const size = String(members.length)
  return hasFeature(version, 'discovery-v3')
    ? { argv: ['etcdctl', 'put', `/_etcd/registry/${token}/_config/size`, size] }
    : {
        argv: ['etcdctl', 'set', `/discovery/${token}/_config/size`, size],
        environment: { ETCDCTL_API: '2' },
      }
}

/** Answers for the members' names and their service, and asks no other server. */
async function startNameServer(infrastructure: Infrastructure): Promise<BootstrapServer> {
  const { plan, addressOf } = infrastructure
  const { spec } = plan
  const records = spec.members.flatMap(({ name }) => [
    `--host-record=${domainName(name)},${addressOf(name)}`,
    `--srv-host=${serviceRecord(spec)},${domainName(name)},${spec.ports.peer}`,
  ])
  const container = await start(infrastructure, 'dns', {
    image: toolboxImageOf(plan),
    entrypoint: ['dnsmasq'],
    command: [...serverFlags, ...records],
  })
  await untilDone(infrastructure, container, {
    what: 'the name server to answer',
    argv: ['nslookup', domainName(spec.members[0]?.name ?? ''), '127.0.0.1'],
  })
  return { bootstrap: { by: 'dns' }, nameServer: addressOf(hostOf.dns) }
}

/** It runs as root without capabilities, reads no file and asks no other server. */
const serverFlags = [
  ...['--no-daemon', '--user=root', '--group=root'],
  ...['--conf-file=/dev/null', '--no-resolv', '--no-hosts'],
  // For what has no record it answers "none", and does not refuse: a resolver would give up.
  `--local=/${clusterDomain}/`,
]

interface Attempted {
  readonly what: string
  readonly argv: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a program in the server until it succeeds: it answers then. */
function untilDone(
  { plan }: Infrastructure,
  container: EngineContainer,
  { what, argv, environment }: Attempted,
): Promise<void> {
  const observe = async () => {
    const { exitCode, stdout, stderr } = await container.exec(argv, environment)
    return exitCode === 0 ? done(undefined) : notYet(stderr || stdout)
  }
  return poll(observe, { what, deadlineMs: scaledMs(plan, readyMs), intervalMs: 200 })
}

type Program = Pick<ContainerPlan, 'image' | 'entrypoint' | 'command' | 'environment' | 'unset'>

async function start(
  { engine, plan, network, addressOf, containerName, own }: Infrastructure,
  role: keyof typeof hostOf,
  program: Program,
): Promise<EngineContainer> {
  const container = await startContainer(engine, {
    ...belongingOf(plan),
    ...program,
    name: containerName(role),
    role,
    hostname: role,
    network: { name: network.name, address: addressOf(hostOf[role]), aliases: [role] },
    ports: [],
    volumes: [],
    files: [],
  })
  own(container)
  return container
}
