import { isPage } from '../deployment/lookalikes.ts'
import type { FileForm, FileReading, GivenSetting, MemberReading } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { YamlValue } from '../text/yaml-document.ts'
import { type Inventory, type RoleVariable, readIniInventory } from './ini-inventory.ts'
import { writeInventory } from './inventory-writer.ts'
import { memberOfVariables } from './role-variables.ts'
import { isYamlInventory, readYamlInventory } from './yaml-inventory.ts'

/**
 * An inventory of Ansible with an `[etcd]` group, as INI or as YAML, for a role that starts etcd:
 * each host is a member, and the role's variables stand with the hosts, in the group, in `all`, or
 * in a file of variables beside it.
 */
export const inventory: FileForm = {
  name: 'inventory',
  title: 'an Ansible inventory with an [etcd] group',
  recognises: ({ text, documents = [] }) =>
    isIniInventory(text, documents) || isYamlInventory(documents[0]),
  read: ({ text, documents = [] }) => {
    const problems: Problem[] = []
    const isYaml = isYamlInventory(documents[0])
    const read = isYaml ? readYamlInventory(documents[0]) : readIniInventory(text, problems)
    return readMembers(read, problems)
  },
  write: (members) => [{ name: 'hosts.ini', text: writeInventory(members) }],
}

/** A list in YAML may say `[etcd]`, and so does the TOML of a client, with keys where hosts would be. */
function isIniInventory(text: string, documents: readonly YamlValue[]): boolean {
  if (isPage(text) || documents.some(({ kind }) => kind === 'map')) return false
  if (/^\s*\[etcd:\w+\]/m.test(text)) return true
  const lines = text.split('\n').filter((line) => /^\s*[^\s#;]/.test(line))
  const at = lines.findIndex((line) => /^\s*\[etcd\]/.test(line))
  return at >= 0 && !/^\s*[\w.-]+\s+=/.test(lines[at + 1] ?? '')
}

interface Host {
  readonly name: string
  readonly line: number
  /** In force: those of the host before those of the group and of all. */
  readonly variables: readonly RoleVariable[]
}

function readMembers(inventory: Inventory, problems: Problem[]): FileReading {
  const hosts = hostsOf(inventory, 'etcd')
  if (hosts.length === 0) {
    problems.push({ line: 1, expected: 'hosts in the [etcd] group', found: 'none' })
  }
  for (const { name, line } of hosts.filter(({ name }) => /[${}]/.test(name))) {
    problems.push({ line, expected: 'a host', found: `a template, ${name}` })
  }
  const members = hosts.map((host) => {
    const read = memberOf(host, hosts)
    problems.push(...read.problems)
    return read.member
  })
  return { members, problems }
}

function hostsOf({ groups, hostVariables }: Inventory, name: string): Host[] {
  const hosts = new Map<string, Host>()
  const variablesIn = (group: string) => groups.get(group)?.variables ?? []
  const visited = new Set<string>()
  const visit = (group: string) => {
    if (visited.has(group)) return
    visited.add(group)
    for (const { name: host, line } of groups.get(group)?.hosts ?? []) {
      const own = hostVariables.get(host) ?? []
      const all = [...variablesIn('all'), ...variablesIn(name), ...own]
      const inForce = new Map(all.map((variable) => [variable.name, variable]))
      if (!hosts.has(host)) hosts.set(host, { name: host, line, variables: [...inForce.values()] })
    }
    for (const child of groups.get(group)?.children ?? []) visit(child)
  }
  visit(name)
  return [...hosts.values()]
}

function memberOf(host: Host, hosts: readonly Host[]) {
  const { member, problems } = memberOfVariables(host.variables)
  const own = (name: string, value: string): GivenSetting[] =>
    member.settings.some((setting) => setting.name === name)
      ? []
      : [{ name, value, line: host.line, door: 'flag' }]
  const initial = hosts.map((each) => `${each.name}=https://${addressOf(each)}:2380`).join(',')
  const settings = [
    ...own('name', host.name),
    ...own('initial-cluster', initial),
    ...member.settings,
  ]
  const variables = { kind: 'role-variables', path: 'etcd.yml', isOptional: true } as const
  const whole: MemberReading = {
    ...member,
    label: host.name,
    settings,
    reads: [{ ...variables, line: host.line }],
    ...(hasCertificates(settings) && { hasTls: true }),
  }
  return { member: whole, problems }
}

/** The role issues certificates for every member, unless the file says where its own lie. */
function hasCertificates(settings: readonly GivenSetting[]): boolean {
  const initial = settings.findLast(({ name }) => name === 'initial-cluster')?.value ?? ''
  const isTls = initial.includes('=https://')
  return isTls && !settings.some(({ name }) => /^(peer-)?(cert-file|auto-tls)$/.test(name))
}

function addressOf({ name, variables }: Host): string {
  const variable = (wanted: string) => variables.findLast((each) => each.name === wanted)?.value
  return variable('ip') ?? variable('ansible_host') ?? name
}
