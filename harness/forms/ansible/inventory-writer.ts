import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import { variableOf } from '../etcd/flags.ts'
import type { WrittenMember } from '../file-form.ts'
import { extraVariables } from './role-variables.ts'

/**
 * An inventory of the role: hosts with their addresses, what the role derives left out, and every
 * other option as `etcd_extra_vars`: in the group where all members have the same, else at each host,
 * whose map replaces that of the group.
 */
export function writeInventory(members: readonly WrittenMember[]): string {
  const initial = members.map((one) => `${one.member}=https://${addressOf(one)}:2380`).join(',')
  const rest = members.map(({ member, configuration }) =>
    configuration.filter(
      ({ name, value }) =>
        !(name === 'name' && value === member) &&
        !(name === 'initial-cluster' && value === initial),
    ),
  )
  const [shared = ''] = rest.map(jsonOf)
  const areEqual = rest.every((options) => jsonOf(options) === shared)
  const hosts = members.map((one, index) => {
    const own = areEqual ? '' : ` ${quoted(rest[index] ?? [])}`
    return `${one.member} ansible_host=${addressOf(one)}${own}\n`
  })
  const image = `etcd_image=${members[0]?.image ?? ''}\n`
  const group = areEqual ? `${extraVariables}=${shared}\n` : ''
  return `[etcd]\n${hosts.join('')}\n[etcd:vars]\n${image}${group}`
}

/** As one word of a host's line, which is split as a shell splits it. */
function quoted(options: MemberConfiguration): string {
  return `${extraVariables}="${jsonOf(options).replaceAll(/["\\]/g, '\\$&')}"`
}

/** On one line; a `{{` would be a template of Ansible. */
function jsonOf(options: MemberConfiguration): string {
  const values = options.map(({ name, value }) => [variableOf(name), value])
  return JSON.stringify(Object.fromEntries(values)).replaceAll(/\{(?=[{%])/g, '\\u007b')
}

function addressOf({ member, configuration }: WrittenMember): string {
  const urls = configuration.find(({ name }) => name === 'initial-advertise-peer-urls')?.value
  return URL.parse(urls?.split(',')[0] ?? '')?.hostname ?? member
}
