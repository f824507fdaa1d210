import type { EngineContainer } from '../../engine/container/lifecycle.ts'
import type { MountedVolume } from '../../engine/container/plan.ts'
import { ContainerExitedError, startContainer } from '../../engine/container/start.ts'
import type { TarEntry } from '../../engine/container/tar.ts'
import type { KeyPair } from '../../pki/keys.ts'
import { tokenFiles } from '../../pki/layout.ts'
import { type Certificates, withKeyDirectories } from '../certificates.ts'
import { MemberExitedError } from '../errors.ts'
import type { Infrastructure } from '../infrastructure/infrastructure.ts'
import type { ContainerFile, PrepareData } from '../tools.ts'
import { containerPlan, dataMount, type MemberHome } from './container-plan.ts'
import type { MemberSettings } from './settings.ts'

/** What a member's next container is made from. */
export interface Launch {
  readonly infrastructure: Infrastructure
  readonly home: MemberHome
  readonly settings: MemberSettings
  /** A promise, so that the engine creates the container meanwhile; of undefined without TLS. */
  readonly certificates: Promise<Certificates | undefined>
  /** Members sign tokens with them; of undefined without such tokens. */
  readonly tokenKeys: Promise<KeyPair | undefined>
  /** Copied in with the certificates. */
  readonly files: readonly ContainerFile[]
}

/**
 * Prepares the data, creates the member's container and starts it. A MemberExitedError when the
 * process exits during its start; its log is kept.
 */
export async function launchMember(
  launch: Launch,
  prepare: PrepareData | undefined,
): Promise<EngineContainer> {
  const { infrastructure, home, settings } = launch
  const mount = await dataMountOf(launch)
  await prepare?.(async (argv, options = {}) => {
    const mounts = [mount, ...(await mountFrom(infrastructure, options.dataOf))]
    return infrastructure.tool(argv, { ...options, mounts })
  })
  const device = await deviceOf(launch)
  const files = filesOf(launch)
  // The engine may still be creating the container when they fail; who awaits them gets the error.
  files.catch(() => {})
  const plan = containerPlan({
    plan: infrastructure.plan,
    home,
    settings,
    volume: mount.volume,
    ...(device !== undefined && { device }),
    containerName: infrastructure.containerName(home.name),
    files,
  })
  try {
    return await startContainer(infrastructure.engine, plan)
  } catch (thrown) {
    if (!(thrown instanceof ContainerExitedError)) throw thrown
    const { logs, exitStatus } = thrown
    infrastructure.logs.keep(home.name, logs)
    throw new MemberExitedError({ member: home.name, exitStatus, logs, cause: thrown })
  }
}

/** The member's data volume, where its container has it. */
export async function dataMountOf({
  infrastructure,
  home,
  settings,
}: Pick<Launch, 'infrastructure' | 'home' | 'settings'>): Promise<MountedVolume> {
  const { name: volume } = await infrastructure.volumes.of(home.name)
  return dataMount({ plan: infrastructure.plan, home, settings, volume })
}

async function mountFrom(
  { volumes }: Infrastructure,
  member: string | undefined,
): Promise<MountedVolume[]> {
  return member === undefined ? [] : [{ volume: (await volumes.of(member)).name, target: '/from' }]
}

async function deviceOf({ infrastructure, settings }: Launch): Promise<string | undefined> {
  const disk = settings.resources?.disk
  return disk && (disk.device ?? (await infrastructure.dataDevice()))
}

async function filesOf(launch: Launch): Promise<readonly TarEntry[]> {
  return withKeyDirectories([...(await ownFilesOf(launch)), ...launch.files])
}

/** Absolute paths of the certificates and keys that are copied into each container of the member. */
export async function filePathsOf(basis: Omit<Launch, 'files'>): Promise<string[]> {
  return (await ownFilesOf(basis)).map(({ path }) => path)
}

async function ownFilesOf({
  home,
  certificates,
  tokenKeys,
}: Omit<Launch, 'files'>): Promise<readonly ContainerFile[]> {
  const issued = (await (await certificates)?.filesOf(home.name, home.address)) ?? []
  const keys = await tokenKeys
  const tokens = keys === undefined ? [] : tokenFiles(keys, { layout: 'cfssl' })
  return [...issued, ...tokens]
}
