import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import { connectEngine } from '../engine/connect.ts'
import { prepareKeys } from '../pki/authority.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { agreedLeader, untilMemberHealthy } from './agreement.ts'
import {
  type Certificates,
  issueCertificates,
  needsCertificates,
  noCertificates,
} from './certificates.ts'
import { createInfrastructure, type Infrastructure } from './infrastructure.ts'
import type { StartMemberOptions } from './member-settings.ts'
import type { ClusterPlan } from './plan.ts'
import { ClusterMember } from './running-member.ts'
import type { ToolOptions, ToolResult } from './tools.ts'
import type { Cluster, Member } from './types.ts'

const startDeadlineMs = 60_000
const leaderDeadlineMs = 15_000
const attemptTimeoutMs = 1_000
const newcomer = { initialClusterState: 'existing' } as const

/**
 * Raises a cluster as the plan says and returns when every member is healthy over its TLS client
 * port and all know the same leader. When that fails nothing is left behind but the logs in
 * `saveLogsTo`, and a member that ended by itself is named by a MemberDiedError with its last lines.
 */
export async function startCluster(plan: ClusterPlan): Promise<Cluster> {
  const { spec } = plan
  const keys = needsCertificates(spec) ? prepareKeys(spec) : undefined
  keys?.catch(() => {})
  await using unwinding = new AsyncDisposableStack()
  const site = unwinding.use(await createInfrastructure(await connectEngine(), plan))
  const cluster = unwinding.use(await placeMembers(site, keys))
  await cluster.launch()
  if (plan.awaitHealthy !== false) await cluster.untilUp()
  unwinding.move()
  return cluster
}

async function placeMembers(
  site: Infrastructure,
  keys: ReturnType<typeof prepareKeys> | undefined,
): Promise<RunningCluster> {
  const { spec } = site.plan
  const addresses = Object.fromEntries(spec.members.map(({ name }) => [name, site.addressOf(name)]))
  const certificates =
    keys === undefined ? Promise.resolve(noCertificates) : issueCertificates(spec, addresses, keys)
  certificates.catch(() => {})
  const ports = await site.portsFor(2 * spec.members.length)
  const members = spec.members.map(
    ({ name, architecture }, index) =>
      new ClusterMember(site, {
        certificates,
        settings: site.plan.settings?.[name] ?? {},
        home: {
          name,
          architecture,
          address: site.addressOf(name),
          addresses,
          network: site.network.name,
          clientPort: ports[2 * index] ?? 0,
          metricsPort: ports[2 * index + 1] ?? 0,
        },
      }),
  )
  return new RunningCluster(site, certificates, members)
}

class RunningCluster implements Cluster {
  readonly spec: ClusterSpec
  credentials: Required<TlsCredentials> | undefined
  readonly #site: Infrastructure
  readonly #certificates: Promise<Certificates>
  readonly #members: Map<string, ClusterMember>

  constructor(
    site: Infrastructure,
    certificates: Promise<Certificates>,
    members: readonly ClusterMember[],
  ) {
    this.spec = site.plan.spec
    this.#site = site
    this.#certificates = certificates
    this.#members = new Map(members.map((member) => [member.name, member]))
  }

  get members(): readonly Member[] {
    return [...this.#members.values()]
  }

  /** All at once; waits for every one even when the first fails, so that none starts unseen. */
  async launch(): Promise<void> {
    const launched = await Promise.allSettled([...this.#members.values()].map((m) => m.launch()))
    for (const one of launched) if (one.status === 'rejected') throw one.reason
    this.credentials = (await this.#certificates).credentials
  }

  /** Healthy and agreed, unless a member's process ends first. */
  async untilUp(): Promise<void> {
    const ending = new AbortController()
    const deaths = [...this.#members.values()].map((member) => member.died(ending.signal))
    const up = this.#healthy(this.#scaled(startDeadlineMs), ending.signal)
    await Promise.race([up, ...deaths]).finally(() => ending.abort())
  }

  member(name: string): ClusterMember {
    const member = this.#members.get(name)
    if (member !== undefined) return member
    const known = [...this.#members.keys()].join(', ')
    throw new InputError(`Expected the member to be one of ${known}, got \`${name}\``, { name })
  }

  leader(deadlineMs = this.#scaled(leaderDeadlineMs)): Promise<Member> {
    const atLeast = Math.floor(this.#members.size / 2) + 1
    return agreedLeader(this.members, { ...this.#polling(deadlineMs), atLeast })
  }

  async followers(deadlineMs?: number): Promise<readonly Member[]> {
    const leader = await this.leader(deadlineMs)
    return this.members.filter(({ name }) => name !== leader.name)
  }

  untilHealthy(deadlineMs = this.#scaled(startDeadlineMs)): Promise<void> {
    return this.#healthy(deadlineMs)
  }

  reserveAddress(name: string): string {
    return this.#site.addressOf(name)
  }

  async startMember(options: StartMemberOptions): Promise<Member> {
    const { name, architecture, prepare, ...settings } = options
    if (this.#members.has(name)) {
      throw new InputError(`Expected the name of a new member, got \`${name}\`, which there is`)
    }
    const [clientPort = 0, metricsPort = 0] = await this.#site.portsFor(2)
    const address = this.#site.addressOf(name)
    const others = this.members.map((member) => [member.name, member.address] as const)
    const member = new ClusterMember(this.#site, {
      certificates: this.#certificates,
      settings: { ...newcomer, ...settings },
      home: {
        name,
        architecture: architecture ?? this.spec.members[0]?.architecture ?? 'amd64',
        address,
        addresses: Object.fromEntries([...others, [name, address]]),
        network: this.#site.network.name,
        clientPort,
        metricsPort,
      },
    })
    await member.launch(prepare)
    this.#members.set(name, member)
    return member
  }

  async removeMember(name: string, options: { keepData?: boolean } = {}): Promise<void> {
    await this.member(name)[Symbol.asyncDispose]()
    this.#members.delete(name)
    if (options.keepData !== true) await this.#site.dropVolume(name)
  }

  async tool(argv: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
    const { dataOf } = options
    const mounts = dataOf === undefined ? [] : [await this.member(dataOf).dataMount()]
    return this.#site.tool(argv, { ...options, mounts })
  }

  saveLogs(directory: string): Promise<void> {
    const current = this.members.map((member) => [member.name, () => member.logs()] as const)
    return this.#site.logs.save(directory, new Map(current))
  }

  /** Members first, for their last lines; then the logs; then what they stood on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using unwinding = new AsyncDisposableStack()
    unwinding.use(this.#site)
    const { saveLogsTo } = this.#site.plan
    if (saveLogsTo !== undefined) unwinding.defer(() => this.#site.logs.save(saveLogsTo))
    const ended = await Promise.allSettled(
      [...this.#members.values()].map((member) => member[Symbol.asyncDispose]()),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  }

  async #healthy(deadlineMs: number, signal?: AbortSignal): Promise<void> {
    const startedMs = performance.now()
    const polling = { ...this.#polling(deadlineMs), ...(signal && { signal }) }
    await Promise.all(this.members.map((member) => untilMemberHealthy(member, polling)))
    const leftMs = Math.max(0, Math.round(deadlineMs - (performance.now() - startedMs)))
    await agreedLeader(this.members, {
      ...polling,
      deadlineMs: leftMs,
      atLeast: this.#members.size,
    })
  }

  #polling(deadlineMs: number) {
    return { deadlineMs, attemptTimeoutMs: this.#scaled(attemptTimeoutMs) }
  }

  #scaled(ms: number): number {
    return ms * (this.#site.plan.timeScale ?? 1)
  }
}
