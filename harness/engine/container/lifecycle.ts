import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { removeContainer } from '../cleanup/remove.ts'
import { type DockerContainer, type Engine, tolerating } from '../connect.ts'
import { type ExecOutcome, execIn } from './exec.ts'
import { demultiplex } from './streams.ts'
import { packTar, readFirstFile, type TarEntry, type UnpackedFile, unpackTar } from './tar.ts'

interface ContainerState {
  /** True also while it is paused. */
  readonly running: boolean
  readonly paused: boolean
  /** Changes with every start: distinguishes one life of the process from the next. */
  readonly startedAt: string
  readonly exitCode: number
  /** The kernel killed the process for lack of memory. */
  readonly outOfMemory: boolean
  /** Arguments of the process, and the image by its id. */
  readonly arguments: readonly string[]
  readonly imageId: string
  /** As the engine has them now; 0 = none. */
  readonly limits: { readonly cpus: number; readonly memoryBytes: number }
}

/** What the kernel counts for a running container; zeros for one that does not run. */
interface ContainerUsage {
  /** Periods in which its limit of processor time made it wait, since it started. */
  readonly throttledPeriods: number
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  /** How often it wanted more memory than its limit; 0 where the kernel does not count it. */
  readonly memoryLimitHits: number
}

/** What a container may use from now on. An absent limit stays as it is. */
export interface RunningLimits {
  /** Of one processor; null lifts the limit. */
  readonly cpus?: number | null
  /** Swap included; null lifts the limit. */
  readonly memoryBytes?: number | null
}

/** A created container. Disposing it removes it with its unnamed volumes. */
export interface EngineContainer extends AsyncDisposable {
  readonly id: string
  state(): Promise<ContainerState>
  usage(): Promise<ContainerUsage>
  /** Starts what was stopped; nothing when it runs. */
  start(): Promise<void>
  /** SIGKILL, paused or not; returns when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, after `graceMs` SIGKILL; returns when the process is gone. */
  stop(graceMs: number): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Changes its limits while it runs, or for its next start. Throws when the kernel refuses: with
   * cgroup v1 a memory limit below what cannot be reclaimed.
   */
  limit(limits: RunningLimits): Promise<void>
  /** The exit code, when the process is gone; aborting the signal ends the wait. */
  exited(signal?: AbortSignal): Promise<number>
  /** The same of a container that has yet to start. */
  nextExit(signal?: AbortSignal): Promise<number>
  /** Standard output and error as they were written, across restarts. */
  logs(): Promise<string>
  exec(
    argv: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<ExecOutcome>
  /** Also into a stopped container. Creates missing parent directories. */
  putFiles(entries: readonly TarEntry[]): Promise<void>
  /** The files under an absolute path, of a stopped container too. */
  getFiles(path: string): Promise<UnpackedFile[]>
  /**
   * One file at an absolute path, of a stopped container too, as far as `read` takes it. Rejects when
   * there is none.
   */
  readFile<Result>(path: string, read: ReadContent<Result>): Promise<Result>
}

/** Reads a file's content, from its beginning, as far as it wants. */
export type ReadContent<Result> = (content: AsyncIterable<Uint8Array>) => Promise<Result>

/** 304: it is already so; 409: it does not run, or is already so. */
const noChangeStatuses = [304, 409]

export function containerOf(engine: Engine, id: string): EngineContainer {
  const container = engine.docker.getContainer(id)
  return {
    id,
    state: () => stateOf(container),
    usage: () => usageOf(container),
    start: () => tolerating([304], container.start()),
    kill: () => kill(container),
    stop: (graceMs) => stop(container, graceMs),
    pause: () => pauseUntil(container, true),
    resume: () => pauseUntil(container, false),
    limit: (limits) => limit(engine, container, limits),
    exited: (signal) => exitOf(container, 'not-running', signal),
    nextExit: (signal) => exitOf(container, 'next-exit', signal),
    logs: async () => demultiplex(await container.logs({ stdout: true, stderr: true })).merged,
    exec: (argv, environment) => execIn(container, argv, environment),
    putFiles: async (entries) => {
      await container.putArchive(await packTar(entries), { path: '/' })
    },
    getFiles: async (path) => unpackTar(await container.getArchive({ path })),
    readFile: async (path, read) => {
      const archive = await container.getArchive({ path })
      return readFirstFile(archive as Readable, read)
    },
    [Symbol.asyncDispose]: () => removeContainer(engine, id),
  }
}

async function stateOf(container: DockerContainer): Promise<ContainerState> {
  const { State, Args, Image, HostConfig } = await container.inspect()
  return {
    running: State.Running,
    paused: State.Paused,
    startedAt: State.StartedAt,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    arguments: Args,
    imageId: Image,
    limits: {
      cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
      memoryBytes: HostConfig.Memory ?? 0,
    },
  }
}

/** One sample: without `one-shot` the engine waits for a second one. */
async function usageOf(container: DockerContainer): Promise<ContainerUsage> {
  const options = { stream: false, 'one-shot': true } as const
  const { cpu_stats, memory_stats } = await container.stats(options)
  return {
    throttledPeriods: cpu_stats.throttling_data?.throttled_periods ?? 0,
    memoryBytes: memory_stats.usage ?? 0,
    memoryLimitBytes: memory_stats.limit ?? 0,
    memoryLimitHits: memory_stats.failcnt ?? 0,
  }
}

/** The engine takes 0 as "unchanged": to lift a limit, it is set to all that the machine has. */
async function limit(
  engine: Engine,
  container: DockerContainer,
  { cpus, memoryBytes }: RunningLimits,
): Promise<void> {
  const { NCPU } = (await engine.docker.info()) as { NCPU: number }
  const memory = memoryBytes === null ? unlimitedBytes : memoryBytes
  await container.update({
    ...(cpus !== undefined && { NanoCpus: Math.round(Math.min(cpus ?? NCPU, NCPU) * 1e9) }),
    ...(memory !== undefined && { Memory: memory, MemorySwap: memory }),
  })
}

const unlimitedBytes = 2 ** 50

async function kill(container: DockerContainer): Promise<void> {
  await tolerating(noChangeStatuses, container.kill({ signal: 'SIGKILL' }))
  await exitOf(container)
}

/** The engine's own stop counts whole seconds; this one does not. */
async function stop(container: DockerContainer, graceMs: number): Promise<void> {
  await tolerating(noChangeStatuses, container.kill({ signal: 'SIGTERM' }))
  const waiting = new AbortController()
  const exit = exitOf(container, 'not-running', waiting.signal).then(() => true)
  const gone = await Promise.race([
    exit,
    delay(graceMs, false, { signal: waiting.signal }),
  ]).finally(() => {
    exit.catch(() => {})
    waiting.abort()
  })
  if (!gone) await kill(container)
}

/** 409 means "already so", but also "not running": the state decides. */
async function pauseUntil(container: DockerContainer, paused: boolean): Promise<void> {
  try {
    await (paused ? container.pause() : container.unpause())
  } catch (thrown) {
    const state = await stateOf(container)
    if (!state.running || state.paused !== paused) throw thrown
  }
}

async function exitOf(
  container: DockerContainer,
  condition: 'not-running' | 'next-exit' = 'not-running',
  signal?: AbortSignal,
): Promise<number> {
  const { StatusCode } = (await container.wait({
    condition,
    ...(signal && { abortSignal: signal }),
  })) as { StatusCode: number }
  return StatusCode
}
