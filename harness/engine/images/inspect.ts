import { setTimeout as delay } from 'node:timers/promises'
import { EnvironmentError, InputError, messageOf } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'
import { isVersion } from '../../topology/version.ts'
import { type Engine, statusCodeOf } from '../connect.ts'
import { runTool } from '../container/tool.ts'

/** An image that the engine has. */
export interface FoundImage {
  readonly reference: string
  readonly id: string
  /** Every reference that it has. */
  readonly names: readonly string[]
  /** Of the registry's manifest where it came from one, else the image's own. */
  readonly digest: string
  readonly architecture: Architecture
  readonly labels: Readonly<Record<string, string>>
  readonly sizeBytes: number
}

/** Undefined when the engine does not have it. Throws an InputError for what can name no image. */
export async function inspectImage(
  engine: Engine,
  reference: string,
): Promise<FoundImage | undefined> {
  // dockerode puts the name into an address as it is: other characters would change what is asked.
  if (!/^[\w.:/@+[\]-]+$/.test(reference)) throw noImageName(reference)
  try {
    const found = await engine.docker.getImage(reference).inspect()
    return {
      reference,
      id: found.Id,
      names: found.RepoTags ?? [],
      digest: found.RepoDigests?.[0]?.split('@')[1] ?? found.Id,
      architecture: architectureOf(found.Architecture, reference),
      labels: found.Config?.Labels ?? {},
      sizeBytes: found.Size,
    }
  } catch (thrown) {
    if (statusCodeOf(thrown) === 404) return undefined
    if (/invalid reference format/.test(messageOf(thrown))) throw noImageName(reference)
    throw thrown
  }
}

function noImageName(got: string): InputError {
  return new InputError(`Expected the name of an image such as host/etcd:3.5, got \`${got}\``)
}

/** The engine's own, which is not this machine's where the engine is remote. */
export async function engineArchitecture(engine: Engine): Promise<Architecture> {
  return architectureOf((await engine.docker.version()).Arch, 'the engine')
}

function architectureOf(name: string, of: string): Architecture {
  if (name === 'amd64' || name === 'x86_64') return 'amd64'
  if (name === 'arm64' || name === 'aarch64') return 'arm64'
  throw new EnvironmentError(`Expected ${of} to be for amd64 or arm64, got ${name}`)
}

/** The version that the image's binary prints, or why it printed none. */
export type PrintedVersion =
  | { readonly ran: true; readonly version: string }
  | { readonly ran: false; readonly emulationMissing: boolean; readonly problem: string }

const answerDeadlineMs = 60_000

/**
 * Runs the image's own `etcd --version`: the one test of an image that holds for a remote engine
 * and a foreign architecture too.
 */
export async function askVersion(engine: Engine, reference: string): Promise<PrintedVersion> {
  const asking = runTool(engine, {
    runId: 'images',
    image: reference,
    argv: ['etcd', '--version'],
  }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    (thrown: unknown) => messageOf(thrown),
  )
  const waiting = new AbortController()
  const late = delay(answerDeadlineMs, `no answer within ${answerDeadlineMs} ms`, {
    signal: waiting.signal,
  }).catch(() => '')
  const output = await Promise.race([asking, late])
  waiting.abort()
  return readPrintedVersion(output)
}

/** The version in what `etcd --version` wrote; one that etcd itself could not read is none. */
export function readPrintedVersion(output: string): PrintedVersion {
  const [line, version = ''] = /^etcd Version: *(\S*).*$/m.exec(output) ?? []
  if (isVersion(version)) return { ran: true, version }
  return {
    ran: false,
    emulationMissing: /exec format error/i.test(output),
    problem: line ?? (output.trim().split('\n').at(-1) || 'it printed nothing'),
  }
}

/**
 * Whether the image's etcd was built with failpoints: such a binary reads their variable before anything
 * else and exits for what is no failpoint; every other ignores it.
 */
export async function hasFailpoints(engine: Engine, reference: string): Promise<boolean> {
  const { exitCode } = await runTool(engine, {
    runId: 'images',
    image: reference,
    argv: ['etcd', '--version'],
    environment: { GOFAIL_FAILPOINTS: 'no failpoint' },
  })
  return exitCode !== 0
}
