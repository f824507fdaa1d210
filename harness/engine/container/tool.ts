import { randomBytes } from 'node:crypto'
import { EnvironmentError, messageOf } from '../../core/errors.ts'
import { type Belonging, labelsOf } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { mountOf, withoutCapabilities } from './create-options.ts'
import type { ExecOutcome } from './exec.ts'
import { containerOf } from './lifecycle.ts'
import type { MountedVolume } from './plan.ts'
import { demultiplex } from './streams.ts'
import type { TarEntry, UnpackedFile } from './tar.ts'

export interface ToolPlan extends Belonging {
  readonly image: string
  /** The program first. */
  readonly argv: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly MountedVolume[]
  /** Put in before it starts. Never into a volume. */
  readonly files?: readonly TarEntry[]
  /** Absolute path of what to copy out once the program has exited. */
  readonly fetch?: string
  /** Default: no network at all. */
  readonly network?: string
}

export interface ToolOutcome extends ExecOutcome {
  readonly files: readonly UnpackedFile[]
}

/**
 * Runs a program in a container of its own, with the given volumes, until it exits, and removes the
 * container. It runs as root whatever the image says: the members' data is root's.
 */
export async function runTool(engine: Engine, plan: ToolPlan): Promise<ToolOutcome> {
  const [program = '', ...args] = plan.argv
  const { id } = await engine.docker.createContainer({
    name: `gauntlet-tool-${randomBytes(6).toString('hex')}`,
    Image: plan.image,
    User: '0:0',
    Entrypoint: [program],
    Cmd: args,
    Env: Object.entries(plan.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(plan, 'tool'),
    HostConfig: {
      ...withoutCapabilities,
      NetworkMode: plan.network ?? 'none',
      Mounts: (plan.volumes ?? []).map(mountOf),
      LogConfig: { Type: 'json-file', Config: {} },
    },
  })
  const raw = engine.docker.getContainer(id)
  await using container = containerOf(engine, id)
  if (plan.files !== undefined) await container.putFiles(plan.files)
  await container.start().catch((thrown: unknown) => {
    if (!/executable file not found|no such file or directory/.test(messageOf(thrown))) throw thrown
    throw new EnvironmentError(
      `Expected image ${plan.image} to hold ${program}, got: ${messageOf(thrown)}`,
      { image: plan.image, program },
      thrown,
    )
  })
  const exitCode = await container.exited()
  const { stdout, stderr } = demultiplex(await raw.logs({ stdout: true, stderr: true }))
  const files = plan.fetch === undefined ? [] : await container.getFiles(plan.fetch)
  return { exitCode, stdout, stderr, files }
}
