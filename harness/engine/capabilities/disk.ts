import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { labelsOf } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { withoutCapabilities } from '../container/create-options.ts'
import { containerOf } from '../container/lifecycle.ts'
import { type Capability, capability, unknownCapability } from './capability.ts'

/** Three members preallocate 64 MB of log each, twice, beside images, evidence and snapshots. */
const neededBytes = 2 * 2 ** 30

/** Tries a limit on the disk that holds the engine's volumes. */
export async function probeDiskLimits(engine: Engine, toolbox: string): Promise<Capability> {
  const device = await dataDevice(engine)
  if (device === undefined) {
    return capability('disk-limits', false, 'no block device of this machine holds the volumes')
  }
  const { id } = await engine.docker.createContainer({
    Image: toolbox,
    Entrypoint: ['true'],
    Labels: labelsOf({ runId: 'doctor' }, 'tool'),
    HostConfig: {
      ...withoutCapabilities,
      NetworkMode: 'none',
      BlkioDeviceWriteIOps: [{ Path: device, Rate: 1_000 }],
    },
  })
  await using container = containerOf(engine, id)
  try {
    await container.start()
    const code = await container.exited()
    return capability('disk-limits', code === 0, `writes to ${device} were given a limit`)
  } catch (thrown) {
    return capability('disk-limits', false, messageOf(thrown))
  }
}

export async function probeDiskSpace(dataFolder: string): Promise<Capability> {
  try {
    const { bavail, bsize } = await statfs(dataFolder)
    const freeBytes = bavail * bsize
    const shown = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
    const detail = `${shown(freeBytes)} free in ${dataFolder}, ${shown(neededBytes)} wanted`
    return capability('disk-space', freeBytes >= neededBytes, detail)
  } catch (thrown) {
    return unknownCapability(
      'disk-space',
      `${dataFolder} is not on this machine: ${messageOf(thrown)}`,
    )
  }
}

/**
 * The whole disk that backs the engine's volumes, such as `/dev/vda`: limits are set by disk, not
 * by partition. Undefined where the engine is remote or its folder is not on a block device.
 */
export async function dataDevice(engine: Engine): Promise<string | undefined> {
  const { DockerRootDir } = (await engine.docker.info()) as { DockerRootDir: string }
  try {
    const number = deviceNumberOf(DockerRootDir, readFileSync('/proc/self/mountinfo', 'utf8'))
    const node = realpathSync(join('/sys/dev/block', number))
    const disk = existsSync(join(node, 'partition')) ? join(node, '..') : node
    const name = /^DEVNAME=(.+)$/m.exec(readFileSync(join(disk, 'uevent'), 'utf8'))?.[1]
    const path = `/dev/${name}`
    return name !== undefined && existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** The `major:minor` of the mount that holds a folder: the longest mount point above it. */
export function deviceNumberOf(folder: string, mountinfo: string): string {
  const mounts = mountinfo
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , number = '', , point = '']) => ({ number, point }))
    .filter(({ point }) => `${folder}/`.startsWith(point === '/' ? '/' : `${point}/`))
  return mounts.sort((one, other) => other.point.length - one.point.length)[0]?.number ?? ''
}
