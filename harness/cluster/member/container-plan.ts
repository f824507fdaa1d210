import { dirname } from 'node:path/posix'
import { dataDirectory as defaultDataDirectory, memberConfiguration } from '../../config/member.ts'
import type { ContainerPlan, MountedVolume, Resources } from '../../engine/container/plan.ts'
import { flags, flagsInForce, variableOf } from '../../forms/etcd/flags.ts'
import type { Bootstrap } from '../../topology/bootstrap.ts'
import { architectureEnvironment } from '../../topology/etcd-features.ts'
import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import { specForVersion } from '../../topology/option-names.ts'
import type { Architecture, ClusterSpec } from '../../topology/spec.ts'
import { etcdctlFlags } from '../etcdctl-flags.ts'
import { belongingOf, type ClusterPlan, imageFor } from '../plan.ts'
import { failpointEnvironment, failpointPort } from './failpoint-environment.ts'
import type { MemberSettings } from './settings.ts'

/** Where a member lives: what its containers, one after another, have in common. */
export interface MemberHome {
  readonly name: string
  readonly architecture: Architecture
  readonly address: string
  readonly clientPort: number
  readonly metricsPort: number
  /** Where the clients' HTTP has a port of its own. */
  readonly clientHttpPort?: number
  /** Of a binary with failpoints. */
  readonly failpointsPort?: number
  readonly network: string
  /** Of every member there is, itself included. */
  readonly addresses: Readonly<Record<string, string>>
  /** Of a first member, when no list names the others. */
  readonly bootstrap?: Bootstrap
  /** Address of the name server that it asks; default the engine's own. */
  readonly nameServer?: string
}

export interface ContainerInputs {
  readonly plan: ClusterPlan
  readonly home: MemberHome
  readonly settings: MemberSettings
  readonly volume: string
  /** The device of disk limits that name none. */
  readonly device?: string
  /** Unique at the engine. */
  readonly containerName: string
  readonly files: ContainerPlan['files']
}

/** The container of a member in its present settings. Pure. */
export function containerPlan(inputs: ContainerInputs): ContainerPlan {
  const { plan, home, settings } = inputs
  const { spec } = plan
  const configuration = configurationOf(inputs)
  const command = [...flags.write(configuration), ...(settings.extraFlags ?? [])]
  return {
    ...belongingOf(plan),
    name: inputs.containerName,
    role: 'member',
    image: settings.image ?? imageFor(plan, home.architecture),
    hostname: home.name,
    entrypoint: ['etcd'],
    command,
    environment: {
      ...architectureEnvironment(versionOf(inputs), home.architecture),
      ...failpointEnvironment(plan.failpoints),
      ...settings.environment,
    },
    unset: variablesOf(command, etcdctlFlags(spec)),
    network: {
      name: home.network,
      address: home.address,
      aliases: [home.name],
      ...(home.nameServer !== undefined && { nameServer: home.nameServer }),
    },
    ports: [
      { container: spec.ports.client, host: home.clientPort },
      { container: spec.ports.metrics, host: home.metricsPort },
      ...clientHttpPort(spec, home),
      ...failpointsPort(home),
    ],
    volumes: settings.resources?.dataTmpfsBytes === undefined ? [dataMount(inputs)] : [],
    files: inputs.files,
    resources: resourcesOf(inputs),
  }
}

function clientHttpPort({ ports }: ClusterSpec, { clientHttpPort: host }: MemberHome) {
  return ports.clientHttp === undefined || host === undefined
    ? []
    : [{ container: ports.clientHttp, host }]
}

function failpointsPort({ failpointsPort: host }: MemberHome) {
  return host === undefined ? [] : [{ container: failpointPort, host }]
}

/**
 * The variables that set what these flags set. From 3.4 on etcd and etcdctl exit when both are
 * given, and an image may come with some.
 */
export function variablesOf(etcd: readonly string[], etcdctl: readonly string[]): string[] {
  const namesIn = (args: readonly string[]) =>
    flagsInForce(flags.read(args)).map(({ name }) => name)
  return [
    ...namesIn(etcd).map((name) => variableOf(name)),
    ...namesIn(etcdctl).map((name) => variableOf(name, 'ETCDCTL')),
  ]
}

/** The directory that holds the data directory: so that this one can be wiped and restored. */
export function dataMount(inputs: Omit<ContainerInputs, 'files' | 'containerName'>): MountedVolume {
  const { volume, settings } = inputs
  const mount = { volume, target: dirname(dataDirectoryOf(inputs)) }
  return settings.resources?.dataReadOnly ? { ...mount, readOnly: true } : mount
}

export function dataDirectoryOf(
  inputs: Pick<ContainerInputs, 'plan' | 'home' | 'settings'>,
): string {
  const option = configurationOf(inputs).find(({ name }) => name === 'data-dir')
  return option?.value ?? defaultDataDirectory
}

/** Of the etcd that the member runs. */
export function versionOf({ plan, settings }: Pick<ContainerInputs, 'plan' | 'settings'>): string {
  return settings.version ?? plan.spec.version
}

/** The member's settings go before the spec's options, those that it has of its own included. */
function configurationOf({
  plan,
  home,
  settings,
}: Pick<ContainerInputs, 'plan' | 'home' | 'settings'>): MemberConfiguration {
  const spec = specForVersion(plan.spec, versionOf({ plan, settings }))
  const isFirst =
    settings.initialCluster === undefined && settings.initialClusterState !== 'existing'
  const configuration = memberConfiguration(spec, {
    member: home.name,
    addresses: home.addresses,
    initialCluster: settings.initialCluster ?? home.addresses,
    ...(isFirst && home.bootstrap && { bootstrap: home.bootstrap }),
    ...(settings.initialClusterState && { initialClusterState: settings.initialClusterState }),
  })
  const options = new Map<string, string>(configuration.map(({ name, value }) => [name, value]))
  for (const [name, value] of Object.entries(settings.options ?? {})) {
    if (value === null) options.delete(name)
    else options.set(name, value)
  }
  return [...options].map(([name, value]) => ({ name, value }))
}

function resourcesOf(inputs: ContainerInputs): Resources {
  const { dataTmpfsBytes, disk, memoryBytes, cpus } = inputs.settings.resources ?? {}
  return {
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(cpus !== undefined && { cpus }),
    ...(disk !== undefined && { disk: { ...disk, device: disk.device ?? inputs.device ?? '' } }),
    ...(dataTmpfsBytes !== undefined && {
      tmpfs: { target: dataMount(inputs).target, sizeBytes: dataTmpfsBytes },
    }),
  }
}
