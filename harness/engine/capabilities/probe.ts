import { emulationState } from '../../bootstrap/emulation.mjs'
import { defaultHost, searchEngine } from '../../bootstrap/engine-find.mjs'
import { messageOf } from '../../core/errors.ts'
import { connectEngine, type Engine } from '../connect.ts'
import { loadCatalogue } from '../images/catalogue.ts'
import { askVersion, engineArchitecture } from '../images/inspect.ts'
import { type ListedImage, listImages } from '../images/list.ts'
import {
  type Capability,
  type CapabilityName,
  capability,
  capabilityNames,
  unknownCapability,
} from './capability.ts'
import { probeDiskLimits, probeDiskSpace } from './disk.ts'
import { probeInToolbox } from './toolbox.ts'

/**
 * Tries everything that a suite may need of this machine, where trying is harmless. Installs, builds
 * and changes nothing, takes about a second, and never throws: what could not be tried is
 * unavailable, with the reason.
 */
export async function probeCapabilities(): Promise<Capability[]> {
  const found = await probeAll().catch((thrown) => [capability('engine', false, messageOf(thrown))])
  const isDown = found[0]?.name === 'engine' && !found[0].available
  const reason = isDown ? 'no container engine answers' : 'it was not tried'
  return capabilityNames.map(
    (name) => found.find((one) => one.name === name) ?? unknownCapability(name, reason),
  )
}

interface EngineInfo {
  readonly ServerVersion: string
  readonly OperatingSystem: string
  readonly KernelVersion: string
  readonly DockerRootDir: string
  readonly CpuCfsQuota: boolean
  readonly MemoryLimit: boolean
  readonly CgroupVersion?: string
}

async function probeAll(): Promise<Capability[]> {
  const { found, attempts } = await searchEngine()
  if (found === undefined) {
    const tried = attempts.map(({ host, problem }) => `${host}: ${problem}`).join('; ')
    return [capability('engine', false, tried || 'no socket in the usual places')]
  }
  // testcontainers looks in fewer places than the bootstrap does.
  if (found.host !== defaultHost) process.env.DOCKER_HOST ??= found.host
  const engine = await connectEngine()
  const info = (await engine.docker.info()) as EngineInfo
  const [native, images] = await Promise.all([engineArchitecture(engine), listImages()])
  const isPresent = ({ state }: ListedImage) => state === 'present'
  const toolbox = images.find((one) => one.name === 'toolbox' && one.architecture === native)
  const usable = toolbox !== undefined && isPresent(toolbox) ? toolbox.reference : undefined
  const foreign = native === 'amd64' ? 'arm64' : 'amd64'
  const foreignImage = images.find((one) => one.architecture === foreign && isPresent(one))
  const probed = await Promise.all([
    probeDiskSpace(info.DockerRootDir),
    probeEmulation(engine, foreign, foreignImage),
    usable === undefined ? [] : probeInToolbox(engine, usable),
    usable === undefined ? [] : probeDiskLimits(engine, usable),
  ])
  const { ServerVersion, OperatingSystem, KernelVersion } = info
  const cgroup = `cgroup ${info.CgroupVersion ? `v${info.CgroupVersion}` : 'of the engine'}`
  return [
    capability('engine', true, `${ServerVersion}, ${OperatingSystem}, kernel ${KernelVersion}`),
    capability('architecture', true, native),
    describeImages(images, native),
    capability('cgroup-cpu', info.CpuCfsQuota, `processor quota, ${cgroup}`),
    capability('cgroup-memory', info.MemoryLimit, `memory limit, ${cgroup}`),
    ...probed.flat(),
    ...(usable === undefined ? inToolbox.map((name) => unknownCapability(name, noToolbox)) : []),
  ]
}

const noToolbox = 'the toolbox image is not built yet'
const inToolbox: readonly CapabilityName[] = [
  'sidecar',
  'iptables',
  'iptables-statistic',
  'netem',
  'tbf',
  'disk-limits',
  'pause',
]

/** A foreign image that runs proves it; without such an image, the kernel's own table decides. */
async function probeEmulation(
  engine: Engine,
  foreign: 'amd64' | 'arm64',
  image: ListedImage | undefined,
): Promise<Capability> {
  if (image?.name === 'etcd') {
    const answer = await askVersion(engine, image.reference)
    const detail = answer.ran
      ? `${foreign} by emulation: etcd ${answer.version} answered`
      : answer.problem
    return capability('emulation', answer.ran, detail, foreign)
  }
  const state = emulationState(foreign)
  return capability('emulation', state === 'ready', `${foreign}: handler ${state}`, foreign)
}

function describeImages(images: readonly ListedImage[], native: string): Capability {
  const present = images.filter(({ state }) => state === 'present')
  const wanted = (one: ListedImage) =>
    one.architecture === native &&
    (one.name === 'toolbox' || one.reference.includes(`:${loadCatalogue().default}-`))
  const detail = present.map(({ name, version, architecture }) =>
    name === 'etcd' ? `etcd ${version} ${architecture}` : `toolbox ${architecture}`,
  )
  const isComplete = images.filter(wanted).every(({ state }) => state === 'present')
  return capability('images', isComplete, detail.join(', ') || 'none of ours is there')
}
