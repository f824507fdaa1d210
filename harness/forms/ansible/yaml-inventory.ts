import { entriesAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { groupAt, type Inventory, type RoleVariable } from './ini-inventory.ts'

/** Whether it is an inventory in YAML with a group `etcd`, at the top or among the children. */
export function isYamlInventory(document: YamlValue | undefined): boolean {
  return readYamlInventory(document).groups.has('etcd')
}

/** Reads Ansible's YAML inventory: groups with `hosts`, `vars` and `children`. */
export function readYamlInventory(document: YamlValue | undefined): Inventory {
  const groups = new Map<string, ReturnType<typeof groupAt>>()
  const hostVariables = new Map<string, RoleVariable[]>()
  const read = (parent: YamlValue | undefined) => {
    for (const { key, value } of entriesAt(parent)) {
      const parts = ['hosts', 'vars', 'children'].map((part) => valueAt(value, part))
      const isGroup = parts.some((part) => part?.kind === 'map' || isEmpty(part))
      if (!isGroup) continue
      const group = groupAt(groups, key)
      for (const host of entriesAt(value, 'hosts')) {
        group.hosts.push({ name: host.key, line: host.line })
        const known = hostVariables.get(host.key) ?? []
        hostVariables.set(host.key, [...known, ...roleVariablesOf(host.value)])
      }
      group.variables.push(...roleVariablesOf(valueAt(value, 'vars')))
      group.children.push(...entriesAt(value, 'children').map((child) => child.key))
      read(valueAt(value, 'children'))
    }
  }
  read(document)
  return { groups, hostVariables }
}

/** `hosts:` with nothing behind it. */
function isEmpty(value: YamlValue | undefined): boolean {
  return value?.kind === 'scalar' && value.type === 'null'
}

/** The entries of a map as variables; a value that is no text is JSON. */
export function roleVariablesOf(value: YamlValue | undefined): RoleVariable[] {
  return entriesAt(value).map(({ key, value: of, line }) => ({
    name: key,
    line,
    value: of.kind === 'scalar' ? of.text : JSON.stringify(toJson(of)),
  }))
}

function toJson(value: YamlValue): unknown {
  if (value.kind === 'scalar') return value.text
  if (value.kind === 'list') return value.items.map(toJson)
  return Object.fromEntries(value.entries.map(({ key, value: of }) => [key, toJson(of)]))
}
