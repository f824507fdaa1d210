import { EnvironmentError } from '../../core/errors.ts'
import type { EngineContainer } from '../../engine/container/lifecycle.ts'
import type { MountedVolume } from '../../engine/container/plan.ts'
import { type Sidecar, sidecarOf } from '../../engine/container/sidecar.ts'
import type { MemberLeaf } from '../../pki/authority.ts'
import { loginOf } from '../../topology/auth-users.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import type { Architecture } from '../../topology/spec.ts'
import { clientUrl, metricsUrl } from '../../topology/urls.ts'
import type { MemberPlacement } from '../attach/placement.ts'
import { MemberExitedError } from '../errors.ts'
import { etcdctlFlags } from '../etcdctl-flags.ts'
import type { Infrastructure } from '../infrastructure/infrastructure.ts'
import { belongingOf, type ClusterPlan, scaledMs, toolboxImageOf } from '../plan.ts'
import { type Probe, probeOf } from '../probe.ts'
import type { ContainerFile, ExecResult, PrepareData, ReadContent } from '../tools.ts'
import type { Member, MemberProcess, MemberStatus, MemberUsage } from '../types.ts'
import { dataDirectoryOf, versionOf } from './container-plan.ts'
import { dataMountOf, filePathsOf, type Launch, launchMember } from './launch.ts'
import {
  type MemberLimits,
  type MemberSettings,
  mergeSettings,
  type RecreateOptions,
} from './settings.ts'

/** What a member's containers, one after another, are made from. */
export type Basis = Omit<Launch, 'files'>

/** Of a member whose last process exited while it started: its container is gone with it. */
const noProcess: MemberProcess = {
  running: false,
  paused: false,
  startedAt: '',
  outOfMemory: false,
  exitCode: 0,
  arguments: [],
  imageId: '',
  limits: { cpus: 0, memoryBytes: 0 },
}

const defaultGraceMs = 10_000
const defaultTimeoutMs = 1_000

/** A member and the container it has at present. Disposing it keeps its log and removes that. */
export class RunningMember implements Member, AsyncDisposable {
  readonly name: string
  readonly architecture: Architecture
  readonly address: string
  readonly clientEndpoint: string
  readonly httpEndpoint: string
  readonly metricsEndpoint: string
  readonly failpointsEndpoint: string | undefined

  readonly #infrastructure: Infrastructure
  readonly #copiedIn = new Map<string, ContainerFile>()
  #basis: Basis
  #container: EngineContainer | undefined
  #sidecar: Sidecar | undefined
  #probe: Probe | undefined

  /** It has no container before `launch`, unless it is one that runs already. */
  constructor(basis: Basis, container?: EngineContainer) {
    const { infrastructure, home } = basis
    const { spec } = infrastructure.plan
    this.#infrastructure = infrastructure
    this.#basis = basis
    this.#container = container
    this.name = home.name
    this.architecture = home.architecture
    this.address = home.address
    this.clientEndpoint = clientUrl(spec, '127.0.0.1', home.clientPort)
    this.httpEndpoint = clientUrl(spec, '127.0.0.1', home.clientHttpPort ?? home.clientPort)
    this.metricsEndpoint = metricsUrl(spec, '127.0.0.1', home.metricsPort)
    const { failpointsPort } = home
    this.failpointsEndpoint =
      failpointsPort === undefined ? undefined : `http://127.0.0.1:${failpointsPort}`
  }

  get containerId(): string {
    return this.#live().id
  }

  get dataDirectory(): string {
    return dataDirectoryOf({ ...this.#basis, plan: this.#plan })
  }

  get settings(): MemberSettings {
    return this.#basis.settings
  }

  /** Creates its container and starts it: see `launchMember`. */
  async launch(prepare?: PrepareData): Promise<void> {
    const files = [...this.#copiedIn.values()]
    this.#container = await launchMember({ ...this.#basis, files }, prepare)
    await this.openProbe()
  }

  /** Before its first request, once its certificates are issued. */
  async openProbe(): Promise<void> {
    const certificates = await this.#basis.certificates
    this.#probe ??= probeOf({
      endpoint: this.clientEndpoint,
      httpEndpoint: this.httpEndpoint,
      credentials: () => certificates?.credentials,
      login: loginOf(this.#plan.spec, 'root'),
    })
    this.#probe.reset()
  }

  /** What another process needs to reach it. */
  async placement(): Promise<MemberPlacement> {
    return { ...this.#basis.home, files: await filePathsOf(this.#basis) }
  }

  /** Removes what runs beside it and closes its connections; the member itself goes on. */
  async leave(): Promise<void> {
    const sidecar = this.#sidecar
    this.#sidecar = undefined
    this.#probe?.close()
    await sidecar?.[Symbol.asyncDispose]()
  }

  dataMount(): Promise<MountedVolume> {
    return dataMountOf(this.#basis)
  }

  /** Rejects with a MemberExitedError when the process exits; aborting the signal ends the wait. */
  async exited(signal: AbortSignal): Promise<never> {
    const exitStatus = await this.#live().exited(signal)
    throw new MemberExitedError({ member: this.name, exitStatus, logs: await this.logs() })
  }

  async kill(): Promise<void> {
    await this.#live().kill()
    this.#probe?.reset()
  }

  async stop(graceMs = defaultGraceMs): Promise<void> {
    await this.#live().stop(graceMs)
    this.#probe?.reset()
  }

  async start(): Promise<void> {
    await this.#live().start()
    this.#probe?.reset()
  }

  pause(): Promise<void> {
    return this.#live().pause()
  }

  resume(): Promise<void> {
    return this.#live().resume()
  }

  async isRunning(): Promise<boolean> {
    return (await this.#container?.state())?.running ?? false
  }

  async process(): Promise<MemberProcess> {
    return (await this.#container?.state()) ?? noProcess
  }

  usage(): Promise<MemberUsage> {
    return this.#live().usage()
  }

  async recreate(options: RecreateOptions = {}): Promise<void> {
    const { wipeData, dataVolumeBytes, exactly, prepare, ...settings } = options
    await this[Symbol.asyncDispose]()
    const { volumes } = this.#infrastructure
    const merged = exactly ? settings : mergeSettings(this.settings, settings)
    this.#basis = { ...this.#basis, settings: merged }
    if (wipeData) await volumes.drop(this.name)
    if (dataVolumeBytes !== undefined) {
      const toolboxImage = toolboxImageOf(this.#plan)
      await volumes.move(this.name, { toolboxImage, sizeBytes: dataVolumeBytes ?? undefined })
    }
    await this.launch(prepare)
  }

  status(timeoutMs = this.#scaled(defaultTimeoutMs)): Promise<MemberStatus> {
    return this.#requests().status(timeoutMs)
  }

  limit(limits: MemberLimits): Promise<void> {
    return this.#live().limit(limits)
  }

  async renewCertificates(leaf?: MemberLeaf): Promise<void> {
    const certificates = await this.#basis.certificates
    await this.#putFiles(await certificates?.renew(this.name, this.address, leaf))
  }

  async installCertificates(): Promise<void> {
    const certificates = await this.#basis.certificates
    await this.#putFiles(await certificates?.filesOf(this.name, this.address))
  }

  isHealthy(timeoutMs = this.#scaled(defaultTimeoutMs)): Promise<boolean> {
    return this.#requests().isHealthy(timeoutMs)
  }

  async logs(): Promise<string> {
    const current = await this.#container?.logs()
    return this.#infrastructure.logs.kept(this.name) + (current ?? '')
  }

  exec(argv: readonly string[]): Promise<ExecResult> {
    const version = versionOf({ plan: this.#plan, settings: this.settings })
    const { etcdctlEnvironment } = featuresOf(version)
    return this.#live().exec(argv, etcdctlEnvironment)
  }

  etcdctl(args: readonly string[]): Promise<ExecResult> {
    return this.exec(['etcdctl', ...etcdctlFlags(this.#plan.spec), ...args])
  }

  async copyIn(files: readonly ContainerFile[]): Promise<void> {
    await this.#live().putFiles(files)
    for (const file of files) this.#copiedIn.set(file.path, file)
  }

  copyOut(path: string): Promise<readonly ContainerFile[]> {
    return this.#live().getFiles(path)
  }

  readFile<Result>(path: string, read: ReadContent<Result>): Promise<Result> {
    return this.#live().readFile(path, read)
  }

  inNetwork(argv: readonly string[]): Promise<ExecResult> {
    this.#sidecar ??= this.#openSidecar()
    return this.#sidecar.run(argv)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const [sidecar, container] = [this.#sidecar, this.#container]
    this.#sidecar = undefined
    await sidecar?.[Symbol.asyncDispose]()
    if (container === undefined) return
    const text = await container.kill().then(
      () => container.logs(),
      () => container.logs().catch(() => ''),
    )
    this.#container = undefined
    this.#infrastructure.logs.keep(this.name, text)
    this.#probe?.reset()
    await container[Symbol.asyncDispose]()
  }

  async #putFiles(files: readonly ContainerFile[] = []): Promise<void> {
    await this.#live().putFiles(files)
  }

  #openSidecar(): Sidecar {
    return sidecarOf(this.#infrastructure.engine, this.#live(), {
      ...belongingOf(this.#plan),
      name: this.name,
      image: toolboxImageOf(this.#plan),
    })
  }

  #live(): EngineContainer {
    if (this.#container !== undefined) return this.#container
    throw new EnvironmentError(`Expected member \`${this.name}\` to have a container, got none`)
  }

  #requests(): Probe {
    if (this.#probe !== undefined) return this.#probe
    throw new EnvironmentError(`Expected member \`${this.name}\` to be started, got none`)
  }

  #scaled(ms: number): number {
    return scaledMs(this.#plan, ms)
  }

  get #plan(): ClusterPlan {
    return this.#infrastructure.plan
  }
}
