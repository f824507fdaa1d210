import { everyFlag } from '../../topology/options/options.ts'
import { reservedBecause } from '../../topology/reserved-options.ts'
import { keysOf } from '../etcd/yaml-file.ts'
import type { FileForm, GivenSetting, MemberReading, NotUnderstood } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { fromVariables, settingOf, typeProblems } from '../given.ts'
import { releaseIn } from '../text/release-archives.ts'
import { isTemplate } from '../text/unresolved.ts'
import { readYaml } from '../text/yaml-document.ts'
import type { RoleVariable } from './ini-inventory.ts'
import { roleVariablesOf } from './yaml-inventory.ts'

/** The variables of an Ansible role that starts etcd, as `group_vars` has them. */
export const roleVariables: FileForm = {
  name: 'group-vars',
  title: 'the variables of an Ansible role for etcd',
  recognises: ({ documents }) => {
    const keys = documents?.length === 1 ? keysOf(documents[0]) : []
    return keys.some((key) => flagOf(key) !== undefined || key === extraVariables)
  },
  read: ({ documents: [document] = [] }) => {
    const { member, problems } = memberOfVariables(roleVariablesOf(document))
    return { members: [{ ...member, label: '', hasTls: true }], problems }
  },
}

/** kubespray's map of further `ETCD_` variables; in an inventory it is JSON. */
export const extraVariables = 'etcd_extra_vars'

/** Names of kubespray's that are not etcd's. */
const otherNames: Readonly<Record<string, string>> = {
  etcd_compaction_retention: 'auto-compaction-retention',
  etcd_tls_cipher_suites: 'cipher-suites',
}

/** The flag that a variable of a role sets: `etcd_data_dir` → `data-dir`. */
function flagOf(variable: string): string | undefined {
  const other = Object.hasOwn(otherNames, variable) ? otherNames[variable] : undefined
  const [, name = ''] = /^etcd_(\w+)$/.exec(variable) ?? []
  const flag = name.replaceAll('_', '-')
  return other ?? (everyFlag.includes(flag) ? flag : undefined)
}

/** Variables that choose where things lie or come from, which follow from the cluster here. */
const places: ReadonlySet<string> = new Set([
  ...['etcd_version', 'etcd_ver', 'etcd_image', 'etcd_deploy_mode', 'registry', 'registry_project'],
  ...['kube_base_dir', 'ca_dir', 'deploy_name', 'container_runtime', 'generate_certs_dir'],
  ...['cfssl_version', 'cfssl_dir', 'ansible_host', 'ansible_user', 'ansible_port', 'ip'],
  ...['access_ip', 'etcd_deployment_type', 'etcd_cert_dir', 'etcd_member_name'],
])

/** What the variables set of etcd; the role gives them as flags. */
export function memberOfVariables(variables: readonly RoleVariable[]): {
  readonly member: Omit<MemberReading, 'label'>
  readonly problems: readonly Problem[]
} {
  const settings: GivenSetting[] = []
  const notUnderstood: NotUnderstood[] = []
  const problems: Problem[] = []
  for (const { name, value, line } of variables) {
    const flag = flagOf(name)
    const unread = { setting: name, value, line }
    // Of the many variables that a playbook has, those of etcd are of interest.
    if (isTemplate(value) && /etcd/i.test(name)) {
      const isFree = flag !== undefined && reservedBecause(flag) === undefined
      const why = 'a template of Ansible'
      notUnderstood.push({ ...unread, why, ...(isFree && { isUnresolved: true }) })
    } else if (name === extraVariables) {
      const given = readExtra({ name, value, line })
      settings.push(...given.settings)
      notUnderstood.push(...given.notUnderstood)
      problems.push(...given.problems)
    } else if (flag !== undefined) settings.push(settingOf({ name: flag, value, line }, 'flag'))
    else if (/etcd/i.test(name) && !places.has(name)) {
      notUnderstood.push({ ...unread, why: 'the role does not give it to etcd' })
    }
  }
  const image = imageOf(variables)
  const member = { settings, notUnderstood, ...(image !== undefined && { image }) }
  return { member, problems: [...problems, ...typeProblems(settings)] }
}

function readExtra({ value, line }: RoleVariable) {
  const { documents } = readYaml(value)
  const [map] = documents
  if (map?.kind !== 'map') {
    const problem = { line, expected: `a map of variables for ${extraVariables}`, found: value }
    return { settings: [], notUnderstood: [], problems: [problem] }
  }
  const given = fromVariables(roleVariablesOf(map).map((each) => ({ ...each, line })))
  return { ...given, settings: given.settings.map((one) => ({ ...one, door: 'flag' as const })) }
}

/** `etcd_download_url: https://…/etcd-v3.5.12-linux-amd64.tar.gz` */
function downloadIn(variables: readonly RoleVariable[]): RoleVariable | undefined {
  const releases = variables.flatMap((one) => {
    const value = releaseIn(one.value)
    return value === undefined ? [] : [{ ...one, value }]
  })
  return releases[0]
}

function imageOf(variables: readonly RoleVariable[]): MemberReading['image'] {
  const named = (wanted: string) => variables.findLast(({ name }) => name === wanted)
  const version = named('etcd_version') ?? named('etcd_ver')
  const given = named('etcd_image') ?? version ?? downloadIn(variables)
  if (given === undefined || /\{\{/.test(given.value)) return undefined
  const reference = given === version ? `etcd:${given.value}` : given.value
  return { reference, line: given.line }
}
