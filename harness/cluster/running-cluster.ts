import { EnvironmentError, InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { AuthUser } from '../topology/auth-users.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { electionDeadlineMs, startDeadlineMs } from '../topology/timing.ts'
import { agreedLeader, untilMemberHealthy } from './agreement.ts'
import type { ClusterPlacement } from './attach/placement.ts'
import type { Certificates } from './certificates.ts'
import { startDoors } from './doors.ts'
import type { Infrastructure, MemberPorts } from './infrastructure/infrastructure.ts'
import { type Basis, RunningMember } from './member/running-member.ts'
import type { StartMemberOptions } from './member/settings.ts'
import { scaledMs } from './plan.ts'
import type { RunningDoor } from './running-door.ts'
import type { ToolOptions, ToolResult } from './tools.ts'
import type { CertificateChanges, Cluster, Door, Member } from './types.ts'

const attemptTimeoutMs = 1_000
const newcomer = { initialClusterState: 'existing' } as const

/** What the members of a cluster have in common. */
type CommonBasis = Pick<Basis, 'infrastructure' | 'certificates' | 'tokenKeys'>

/** Members and what they stand on. Disposing it removes both; members first, for their last lines. */
export class RunningCluster implements Cluster {
  readonly spec: ClusterSpec
  readonly #infrastructure: Infrastructure
  readonly #common: CommonBasis
  #issued: Certificates | undefined
  readonly #members: Map<string, RunningMember>
  #doors: readonly RunningDoor[] = []

  constructor(common: CommonBasis, members: readonly RunningMember[]) {
    this.spec = common.infrastructure.plan.spec
    this.#common = common
    this.#infrastructure = common.infrastructure
    this.#members = new Map(members.map((member) => [member.name, member]))
  }

  get credentials(): Required<TlsCredentials> | undefined {
    return this.#issued?.credentials
  }

  credentialsOf(user: AuthUser): TlsCredentials | undefined {
    return this.#issued?.credentialsOf(user)
  }

  /** For what any of them does for all. */
  get anyMember(): Member {
    const [member] = this.members
    if (member === undefined) throw new RangeError('Expected a cluster with members, got none')
    return member
  }

  get certificates(): CertificateChanges {
    if (this.#issued !== undefined) return this.#issued
    throw new EnvironmentError('Expected a cluster with TLS, got one without certificates')
  }

  get members(): readonly Member[] {
    return [...this.#members.values()]
  }

  get doors(): readonly Door[] {
    return this.#doors
  }

  /** Once the members are up: before, a gateway would find them gone. */
  async openDoors(): Promise<void> {
    this.#doors = await startDoors(this.#infrastructure, this.#issued, this.members)
  }

  /** Those that another process opened. */
  adoptDoors(doors: readonly RunningDoor[]): void {
    this.#doors = doors
  }

  /** Starts all at once; waits for each even when one fails, so that none starts unnoticed. */
  async launch(): Promise<void> {
    const launched = await Promise.allSettled([...this.#members.values()].map((m) => m.launch()))
    for (const one of launched) if (one.status === 'rejected') throw one.reason
    await this.adoptCertificates()
  }

  /** From now on `credentials` are known. */
  async adoptCertificates(): Promise<void> {
    this.#issued = await this.#common.certificates
  }

  async placement(): Promise<ClusterPlacement> {
    const { network, plan, addresses } = this.#infrastructure
    const { image, toolboxImage, timeScale = 1 } = plan
    const members = [...this.#members.values()].map((member) => member.placement())
    const doors = this.#doors.map(({ placement }) => placement)
    return {
      spec: this.spec,
      image,
      timeScale,
      ...(toolboxImage !== undefined && { toolboxImage }),
      network: { name: network.name, subnet: network.subnet },
      members: await Promise.all(members),
      ...(doors.length > 0 && { doors }),
      addresses: addresses(),
    }
  }

  /** Removes what runs beside the members, and nothing else. */
  async leave(): Promise<void> {
    await Promise.all([...this.#members.values(), ...this.#doors].map((one) => one.leave()))
  }

  /** Waits until all are healthy and agree on a leader. Rejects when a member exits before that. */
  async untilUp(): Promise<void> {
    const ending = new AbortController()
    const exits = [...this.#members.values()].map((member) => member.exited(ending.signal))
    const up = this.#healthy(this.#scaled(startDeadlineMs(this.spec)), ending.signal)
    await Promise.race([up, ...exits]).finally(() => ending.abort())
  }

  member(name: string): RunningMember {
    const member = this.#members.get(name)
    if (member !== undefined) return member
    const known = [...this.#members.keys()].join(', ')
    throw new InputError(`Expected the member to be one of ${known}, got \`${name}\``, { name })
  }

  door(name: string): Door {
    const door = this.#doors.find((one) => one.name === name)
    if (door !== undefined) return door
    const known = this.#doors.map((one) => one.name).join(', ') || 'none'
    throw new InputError(`Expected the door to be one of ${known}, got \`${name}\``, { name })
  }

  leader(deadlineMs = this.#scaled(electionDeadlineMs(this.spec))): Promise<Member> {
    const atLeast = Math.floor(this.#members.size / 2) + 1
    return agreedLeader(this.members, { ...this.#polling(deadlineMs), atLeast })
  }

  async followers(deadlineMs?: number): Promise<readonly Member[]> {
    const leader = await this.leader(deadlineMs)
    return this.members.filter(({ name }) => name !== leader.name)
  }

  untilHealthy(deadlineMs = this.#scaled(startDeadlineMs(this.spec))): Promise<void> {
    return this.#healthy(deadlineMs)
  }

  reserveAddress(name: string): string {
    return this.#infrastructure.addressOf(name)
  }

  async startMember(options: StartMemberOptions): Promise<Member> {
    const { name, architecture, prepare, ...settings } = options
    if (this.#members.has(name)) {
      throw new InputError(`Expected the name of a new member, got \`${name}\`, which there is`)
    }
    const [ports] = await this.#infrastructure.portsFor(1)
    const address = this.#infrastructure.addressOf(name)
    const others = this.members.map((member) => [member.name, member.address] as const)
    const member = new RunningMember({
      ...this.#common,
      settings: { ...newcomer, ...settings },
      home: {
        name,
        architecture: architecture ?? this.spec.members[0]?.architecture ?? 'amd64',
        address,
        addresses: Object.fromEntries([...others, [name, address]]),
        network: this.#infrastructure.network.name,
        ...(ports as MemberPorts),
      },
    })
    await member.launch(prepare)
    this.#members.set(name, member)
    return member
  }

  async removeMember(name: string, options: { keepData?: boolean } = {}): Promise<void> {
    await this.member(name)[Symbol.asyncDispose]()
    this.#members.delete(name)
    if (options.keepData !== true) await this.#infrastructure.volumes.drop(name)
  }

  async tool(argv: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
    const { dataOf } = options
    const mounts = dataOf === undefined ? [] : [await this.member(dataOf).dataMount()]
    return this.#infrastructure.tool(argv, { ...options, mounts })
  }

  saveLogs(directory: string): Promise<void> {
    return this.#infrastructure.logs.save(directory, this.#logs())
  }

  cutLogs(directory: string): Promise<void> {
    return this.#infrastructure.logs.cut(directory, this.#logs())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using unwinding = new AsyncDisposableStack()
    unwinding.use(this.#infrastructure)
    const { saveLogsTo } = this.#infrastructure.plan
    if (saveLogsTo !== undefined) unwinding.defer(() => this.#infrastructure.logs.save(saveLogsTo))
    const ended = await Promise.allSettled(
      [...this.#doors, ...this.#members.values()].map((one) => one[Symbol.asyncDispose]()),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  }

  #logs(): ReadonlyMap<string, () => Promise<string>> {
    const processes = [...this.#members.values(), ...this.#doors]
    return new Map(processes.map((one) => [one.name, () => one.logs()]))
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
    return scaledMs(this.#infrastructure.plan, ms)
  }
}
