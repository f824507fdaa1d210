import { EnvironmentError } from '../core/errors.ts'
import type { EngineContainer } from '../engine/container/lifecycle.ts'
import { type Sidecar, sidecarOf } from '../engine/container/sidecar.ts'
import { ContainerExitedError, startContainer } from '../engine/container/start.ts'
import type { TarEntry } from '../engine/container/tar.ts'
import { featuresOf } from '../topology/etcd-features.ts'
import type { Architecture } from '../topology/spec.ts'
import { type Certificates, etcdctlFlags } from './certificates.ts'
import {
  containerPlan,
  dataDirectoryOf,
  dataMount,
  type MemberHome,
  mergeSettings,
  withKeyDirectories,
} from './container-plan.ts'
import { MemberExitedError } from './errors.ts'
import type { Infrastructure, Mount } from './infrastructure.ts'
import type { MemberLimits, MemberSettings, RecreateOptions } from './member-settings.ts'
import { type Probe, probeOf } from './probe.ts'
import type { ContainerFile, ExecResult, PrepareData } from './tools.ts'
import type { Member, MemberStatus } from './types.ts'

export interface MemberOptions {
  readonly home: MemberHome
  readonly settings: MemberSettings
  /** May come while the engine creates the container. */
  readonly certificates: Promise<Certificates>
}

const defaultGraceMs = 10_000
const defaultTimeoutMs = 1_000

/** A member and the container it has at present. Disposing it keeps its log and removes that. */
export class ClusterMember implements Member, AsyncDisposable {
  readonly name: string
  readonly architecture: Architecture
  readonly address: string
  readonly clientEndpoint: string
  readonly metricsEndpoint: string

  readonly #site: Infrastructure
  readonly #home: MemberHome
  readonly #certificates: Promise<Certificates>
  readonly #copiedIn = new Map<string, ContainerFile>()
  #settings: MemberSettings
  #container: EngineContainer | undefined
  #sidecar: Sidecar | undefined
  #probe: Probe | undefined

  constructor(site: Infrastructure, { home, settings, certificates }: MemberOptions) {
    this.#site = site
    this.#home = home
    this.#settings = settings
    this.#certificates = certificates
    this.name = home.name
    this.architecture = home.architecture
    this.address = home.address
    const scheme = site.plan.spec.tls.client === 'none' ? 'http' : 'https'
    this.clientEndpoint = `${scheme}://127.0.0.1:${home.clientPort}`
    this.metricsEndpoint = `http://127.0.0.1:${home.metricsPort}`
  }

  get containerId(): string {
    return this.#live().id
  }

  get dataDirectory(): string {
    return dataDirectoryOf({ plan: this.#site.plan, home: this.#home, settings: this.#settings })
  }

  get settings(): MemberSettings {
    return this.#settings
  }

  /** Creates its container and starts it. A MemberDiedError when the process ends meanwhile. */
  async launch(prepare?: PrepareData): Promise<void> {
    const mount = await this.dataMount()
    await prepare?.(async (argv, options = {}) =>
      this.#site.tool(argv, { ...options, mounts: [mount, ...(await this.#from(options.dataOf))] }),
    )
    try {
      this.#container = await startContainer(this.#site.engine, await this.#containerPlan(mount))
    } catch (thrown) {
      if (!(thrown instanceof ContainerExitedError)) throw thrown
      const { logs, exitStatus } = thrown
      this.#site.logs.keep(this.name, logs)
      throw new MemberExitedError({ member: this.name, exitStatus, logs, cause: thrown })
    }
    const { credentials } = await this.#certificates
    const { gatewayPrefix } = featuresOf(this.#site.plan.spec.version)
    this.#probe ??= probeOf({ endpoint: this.clientEndpoint, credentials, gatewayPrefix })
    this.#probe.reset()
  }

  async dataMount(): Promise<Mount> {
    const { name: volume } = await this.#site.volumeOf(this.name)
    return dataMount({
      plan: this.#site.plan,
      home: this.#home,
      settings: this.#settings,
      volume,
    })
  }

  /** Rejects with a MemberDiedError when the process is gone. Ends with the signal. */
  async died(signal: AbortSignal): Promise<never> {
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

  async recreate(options: RecreateOptions = {}): Promise<void> {
    const { wipeData, dataVolumeBytes, exactly, prepare, ...settings } = options
    await this[Symbol.asyncDispose]()
    this.#settings = exactly ? settings : mergeSettings(this.#settings, settings)
    if (wipeData) await this.#site.dropVolume(this.name)
    if (dataVolumeBytes !== undefined) {
      await this.#site.moveVolume(this.name, dataVolumeBytes ?? undefined)
    }
    await this.launch(prepare)
  }

  status(timeoutMs = this.#scaled(defaultTimeoutMs)): Promise<MemberStatus> {
    return this.#asked().status(timeoutMs)
  }

  limit(limits: MemberLimits): Promise<void> {
    return this.#live().limit(limits)
  }

  async renewCertificates(): Promise<void> {
    const certificates = await this.#certificates
    await this.#live().putFiles(await certificates.renew(this.name, this.address))
  }

  isHealthy(timeoutMs = this.#scaled(defaultTimeoutMs)): Promise<boolean> {
    return this.#asked().isHealthy(timeoutMs)
  }

  async logs(): Promise<string> {
    const current = await this.#container?.logs()
    return this.#site.logs.kept(this.name) + (current ?? '')
  }

  exec(argv: readonly string[]): Promise<ExecResult> {
    const { etcdctlEnvironment } = featuresOf(this.#site.plan.spec.version)
    return this.#live().exec(argv, etcdctlEnvironment)
  }

  etcdctl(args: readonly string[]): Promise<ExecResult> {
    return this.exec(['etcdctl', ...etcdctlFlags(this.#site.plan.spec), ...args])
  }

  async copyIn(files: readonly ContainerFile[]): Promise<void> {
    await this.#live().putFiles(files)
    for (const file of files) this.#copiedIn.set(file.path, file)
  }

  copyOut(path: string): Promise<readonly ContainerFile[]> {
    return this.#live().getFiles(path)
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
    this.#site.logs.keep(this.name, text)
    this.#probe?.reset()
    await container[Symbol.asyncDispose]()
  }

  async #from(dataOf: string | undefined): Promise<Mount[]> {
    if (dataOf === undefined) return []
    return [{ volume: (await this.#site.volumeOf(dataOf)).name, target: '/from' }]
  }

  async #containerPlan({ volume }: Mount) {
    const disk = this.#settings.resources?.disk
    const device = disk && (disk.device ?? (await this.#site.dataDevice()))
    return containerPlan({
      plan: this.#site.plan,
      home: this.#home,
      settings: this.#settings,
      volume,
      ...(device !== undefined && { device }),
      containerName: this.#site.containerName(this.name),
      files: this.#files(),
    })
  }

  async #files(): Promise<readonly TarEntry[]> {
    const certificates = await this.#certificates
    const issued = await certificates.filesOf(this.name, this.address)
    return withKeyDirectories([...issued, ...this.#copiedIn.values()])
  }

  #openSidecar(): Sidecar {
    const { toolboxImage, runId, keep } = this.#site.plan
    if (toolboxImage === undefined) {
      throw new EnvironmentError('Expected the toolbox image to work in a network, got none')
    }
    const belonging = { runId, ...(keep && { keep }) }
    const options = { ...belonging, name: this.name, image: toolboxImage }
    return sidecarOf(this.#site.engine, this.#live(), options)
  }

  #live(): EngineContainer {
    if (this.#container !== undefined) return this.#container
    throw new EnvironmentError(`Expected member \`${this.name}\` to have a container, got none`)
  }

  #asked(): Probe {
    if (this.#probe !== undefined) return this.#probe
    throw new EnvironmentError(`Expected member \`${this.name}\` to be started, got none`)
  }

  #scaled(ms: number): number {
    return ms * (this.#site.plan.timeScale ?? 1)
  }
}
