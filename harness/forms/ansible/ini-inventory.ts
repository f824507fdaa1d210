import type { Problem } from '../form.ts'
import { splitWords } from '../text/systemd-words.ts'

/** A variable of a host or of a group, with the text of its value. */
export interface RoleVariable {
  readonly name: string
  readonly value: string
  readonly line: number
}

/** The groups of an inventory; a host's own variables may stand wherever it is named. */
export interface Inventory {
  readonly groups: ReadonlyMap<string, Group>
  readonly hostVariables: ReadonlyMap<string, readonly RoleVariable[]>
}

interface Group {
  readonly hosts: { readonly name: string; readonly line: number }[]
  readonly children: string[]
  readonly variables: RoleVariable[]
}

/** Reads Ansible's INI inventory: `[group]`, `[group:vars]`, `[group:children]`, host ranges. */
export function readIniInventory(text: string, problems: Problem[]): Inventory {
  const groups = new Map<string, Group>()
  const hostVariables = new Map<string, RoleVariable[]>()
  let [name, part]: (string | undefined)[] = ['ungrouped']
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = index + 1
    const content = withoutComment(raw)
    if (content === '') return
    const [, header] = /^\[([^\]]+)\]$/.exec(content) ?? []
    if (header !== undefined) {
      ;[name = '', part] = header.split(':')
      groupAt(groups, name)
      return
    }
    const group = groupAt(groups, name ?? '')
    if (part === 'children') group.children.push(content)
    else if (part === 'vars') group.variables.push(...readVariable(content, line, problems))
    else readHosts({ content, line, group, hostVariables, problems })
  })
  return { groups, hostVariables }
}

/** The group of that name, which is there from now on. */
export function groupAt(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name) ?? { hosts: [], children: [], variables: [] }
  groups.set(name, group)
  return group
}

/** A value in braces or quotes may have a `#` of its own. */
function withoutComment(raw: string): string {
  const content = raw.trim()
  if (/^[#;]/.test(content)) return ''
  return /=\s*[{["']/.test(content) ? content : content.replace(/\s[#;].*$/, '').trim()
}

interface HostLine {
  readonly content: string
  readonly line: number
  readonly group: Group
  readonly hostVariables: Map<string, RoleVariable[]>
  readonly problems: Problem[]
}

function readHosts({ content, line, group, hostVariables, problems }: HostLine): void {
  const { words, problem } = splitWords(content, line)
  if (problem !== undefined) problems.push(problem)
  const [pattern = '', ...rest] = words
  const comment = rest.findIndex((word) => word.startsWith('#'))
  const given = comment < 0 ? rest : rest.slice(0, comment)
  const variables = given.flatMap((word) => readVariable(word, line, problems))
  for (const name of hostsOf(pattern)) {
    group.hosts.push({ name, line })
    hostVariables.set(name, [...(hostVariables.get(name) ?? []), ...variables])
  }
}

/** `node[1:3]` → node1, node2, node3; with leading zeros as the first bound has them. */
function hostsOf(pattern: string): string[] {
  const [whole, from = '', to = ''] = /\[(\d+):(\d+)\]/.exec(pattern) ?? []
  const count = Number(to) - Number(from) + 1
  if (whole === undefined || !(count > 0 && count <= mostHosts)) return [pattern]
  return Array.from({ length: count }, (_, index) =>
    pattern.replace(whole, String(Number(from) + index).padStart(from.length, '0')),
  )
}

const mostHosts = 100

function readVariable(text: string, line: number, problems: Problem[]): RoleVariable[] {
  const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    problems.push({ line, expected: 'name=value', found: text })
    return []
  }
  return [{ name, value: value.replace(/^(["'])(.*)\1$/s, '$2'), line }]
}
