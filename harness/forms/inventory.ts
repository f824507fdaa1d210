import type { FileForm, GivenSetting, MemberReading, NotUnderstood } from './file-form.ts'
import type { Problem } from './form.ts'
import { splitWords } from './text/systemd-words.ts'

/**
 * An inventory of Ansible with an `[etcd]` group, for a role that starts etcd as static Pods: each
 * host is a member, and the role's variables stand with the hosts or in a `:vars` section.
 */
export const inventory: FileForm = {
  name: 'inventory',
  title: 'an Ansible inventory with an [etcd] group',
  recognises: ({ text }) => /^\[etcd(:\w+)?\]/m.test(text),
  read: ({ text }) => {
    const problems: Problem[] = []
    const { hosts, shared } = readSections(text, problems)
    if (hosts.length === 0) {
      problems.push({ line: 1, expected: 'hosts in the [etcd] group', found: 'none' })
    }
    const version = valueIn([...shared, ...(hosts[0]?.variables ?? [])], 'etcd_version')
    const members = hosts.map((host) => memberOf(host, shared, hosts, version))
    return { members, problems }
  },
}

interface RoleVariable {
  readonly name: string
  readonly value: string
  readonly line: number
}

interface Host {
  readonly name: string
  readonly line: number
  readonly variables: readonly RoleVariable[]
}

function readSections(text: string, problems: Problem[]) {
  const hosts: Host[] = []
  const shared: RoleVariable[] = []
  let section = ''
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = index + 1
    const content = raw.replace(/(^|\s)[#;].*$/, '').trim()
    if (content === '') return
    const [, header] = /^\[([^\]]+)\]$/.exec(content) ?? []
    if (header !== undefined) {
      section = header
    } else if (section === 'etcd') {
      const { words, problem } = splitWords(content, line)
      if (problem !== undefined) problems.push(problem)
      const [name = '', ...rest] = words
      hosts.push({
        name,
        line,
        variables: rest.flatMap((word) => variableOf(word, line, problems)),
      })
    } else if (section === 'etcd:vars' || section === 'all:vars') {
      shared.push(...variableOf(content, line, problems))
    }
  })
  return { hosts, shared }
}

function variableOf(text: string, line: number, problems: Problem[]): RoleVariable[] {
  const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    problems.push({ line, expected: 'name=value', found: text })
    return []
  }
  return [{ name, value: value.replace(/^(["'])(.*)\1$/, '$2'), line }]
}

/** The role's variables that are settings of etcd. */
const flagsOfRole: Readonly<Record<string, string>> = {
  etcd_data_dir: 'data-dir',
  etcd_initial_cluster: 'initial-cluster',
}

/** The role's variables that choose where things lie or come from, which follow from the cluster here. */
const placesOfRole: ReadonlySet<string> = new Set([
  ...['etcd_version', 'etcd_image', 'etcd_deploy_mode', 'registry', 'registry_project'],
  ...['kube_base_dir', 'ca_dir', 'deploy_name', 'container_runtime', 'generate_certs_dir'],
  ...['cfssl_version', 'cfssl_dir', 'ansible_host', 'ansible_user', 'ansible_port'],
])

function memberOf(
  host: Host,
  shared: readonly RoleVariable[],
  hosts: readonly Host[],
  version: RoleVariable | undefined,
): MemberReading {
  const settings: GivenSetting[] = [
    { name: 'name', value: host.name, line: host.line, door: 'flag' },
  ]
  const notUnderstood: NotUnderstood[] = []
  const variables = [...shared, ...host.variables]
  for (const { name, value, line } of variables) {
    const flag = Object.hasOwn(flagsOfRole, name) ? flagsOfRole[name] : undefined
    if (flag !== undefined) settings.push({ name: flag, value, line, door: 'flag' })
    else if (!placesOfRole.has(name)) {
      notUnderstood.push({ setting: name, value, line, why: 'the role does not give it to etcd' })
    }
  }
  if (valueIn(variables, 'etcd_initial_cluster') === undefined) {
    const value = hosts.map((each) => `${each.name}=https://${addressOf(each)}:2380`).join(',')
    settings.push({ name: 'initial-cluster', value, line: host.line, door: 'flag' })
  }
  const reference = valueIn(variables, 'etcd_image')?.value ?? `etcd:${version?.value ?? ''}`
  const image = version && { image: { reference, line: version.line } }
  return { label: host.name, settings, notUnderstood, ...image }
}

function addressOf({ name, variables }: Host): string {
  return valueIn(variables, 'ansible_host')?.value ?? name
}

function valueIn(variables: readonly RoleVariable[], name: string): RoleVariable | undefined {
  return variables.findLast((variable) => variable.name === name)
}
