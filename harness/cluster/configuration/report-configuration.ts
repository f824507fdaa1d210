import { flags, variableOf } from '../../forms/etcd/flags.ts'
import { yamlFile } from '../../forms/etcd/yaml-file.ts'
import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import type { Cluster } from '../types.ts'

/** The three ways in which etcd itself takes a setting. */
export const configurationWays = ['flags', 'environment', 'yaml'] as const
/** One of them. */
export type ConfigurationWay = (typeof configurationWays)[number]

/** What a member gets, in each way. */
type GivenWays = Partial<Readonly<Record<ConfigurationWay, MemberConfiguration>>>

interface ReportedConfiguration {
  /** By the names of etcd's own report at start; undefined where it exited before. */
  readonly fields: Readonly<Record<string, unknown>> | undefined
  /** All that it wrote. */
  readonly output: string
}

/** Where no directory can be made: etcd reports its configuration, and exits for this. */
const nowhere = { name: 'data-dir', value: '/proc/gauntlet/none' }
const file = '/etc/etcd-given.yaml'

/**
 * What etcd reports as its configuration when it starts with the given settings, in a container of
 * its own without a network. It never serves: its data directory cannot be made. From 3.4 on, with
 * `logger=zap` there.
 */
export async function reportConfiguration(
  cluster: Pick<Cluster, 'tool'>,
  given: GivenWays,
): Promise<ReportedConfiguration> {
  const { flags: byFlag = [], environment = [], yaml } = placed(given)
  const files = yaml === undefined ? [] : [{ path: file, content: textOf(yaml), mode: 0o644 }]
  const argv = ['etcd', ...(yaml === undefined ? [] : [`--config-file=${file}`])]
  const variables = environment.map(({ name, value }) => [variableOf(name), value] as const)
  const { stdout, stderr } = await cluster.tool([...argv, ...flags.write(byFlag)], {
    files,
    environment: Object.fromEntries(variables),
  })
  const output = `${stdout}${stderr}`
  return { fields: reportIn(output), output }
}

/** The data directory goes where the settings are in force. */
function placed(given: GivenWays): GivenWays {
  const way = given.yaml ? 'yaml' : given.flags ? 'flags' : 'environment'
  return { ...given, [way]: [...(given[way] ?? []), nowhere] }
}

function textOf(configuration: MemberConfiguration): string {
  const [written] = yamlFile.write?.([{ member: 'm1', image: '', configuration }]) ?? []
  return written?.text ?? ''
}

/** The fields of the line, without those that every line has. */
function reportIn(output: string): Readonly<Record<string, unknown>> | undefined {
  const line = output.split('\n').find((each) => each.includes('"starting an etcd server"'))
  if (line === undefined) return undefined
  const { level: _level, ts: _ts, caller: _caller, msg: _msg, ...fields } = JSON.parse(line)
  return fields
}
