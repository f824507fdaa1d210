import { argumentsOf, flagsIn, givenArguments } from '../deployers/extra-arguments.ts'
import { typeProblem } from '../etcd/value-types.ts'
import type { FileForm, GivenSetting, MemberReading } from '../file-form.ts'
import { fromVariables, type Given, joinGiven, type Variable } from '../given.ts'
import { itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { resourcesOf } from './kubernetes.ts'

/**
 * A resource for an operator of etcd (etcd-druid, OpenShift, etcd-operator and others): not etcd's
 * own configuration, but some of its fields become settings of etcd, and these are used.
 */
export const operatorResource: FileForm = {
  name: 'operator',
  title: 'a resource for an operator of etcd',
  recognises: ({ documents }) => resourcesOf(documents).some(isResource),
  read: ({ documents }) => {
    const resource = resourcesOf(documents).find(isResource)
    const given = joinGiven(...sources.map((read) => read(resource)))
    const count = textAt(resource, 'spec', 'replicas') ?? textAt(resource, 'spec', 'size')
    const version = valueAt(resource, 'spec', 'version')
    const { settings, notUnderstood, problems } = given
    const member: MemberReading = {
      label: '',
      settings,
      notUnderstood,
      ...(/^[1-9]$/.test(count ?? '') && { count: Number(count) }),
      ...(hasTls(resource) && { hasTls: true }),
      ...(version?.kind === 'scalar' && {
        image: { reference: `etcd:${version.text}`, line: version.line },
      }),
    }
    if (settings.length > 0 || problems.length > 0) return { members: [member], problems }
    const expected = 'a deployment of etcd'
    const found =
      "an operator's resource without a setting of etcd: give the configuration that the operator makes of it"
    return { members: [], problems: [{ line: 1, expected, found }] }
  },
}

function isResource(document: YamlValue): boolean {
  return /^Etcd(Cluster)?$/.test(textAt(document, 'kind') ?? '')
}

/** OpenShift's etcd has certificates always, etcd-druid's where the resource names them. */
function hasTls(resource: YamlValue | undefined): boolean {
  const isOpenShift = /openshift\.io\//.test(textAt(resource, 'apiVersion') ?? '')
  return isOpenShift || valueAt(resource, 'spec', 'etcd', 'clientUrlTls') !== undefined
}

type Source = (resource: YamlValue | undefined) => Given

const sources: readonly Source[] = [
  (resource) => givenArguments(argumentsOf(valueAt(resource, 'spec', 'options'))),
  (resource) => givenArguments(flagsIn(valueAt(resource, 'spec', 'etcdOptions'))),
  (resource) => fromVariables(itemsAt(resource, 'spec', 'pod', 'etcdEnv').flatMap(variableOf)),
  (resource) => givenFields(resource),
]

/** Fields of etcd-druid and OpenShift, each with the settings that it becomes. */
const fields: readonly {
  readonly path: readonly string[]
  readonly settings: (value: string) => Readonly<Record<string, string>>
}[] = [
  { path: ['etcd', 'metrics'], settings: (value) => ({ metrics: value }) },
  { path: ['etcd', 'quota'], settings: (value) => ({ 'quota-backend-bytes': bytesOf(value) }) },
  { path: ['etcd', 'snapshotCount'], settings: (value) => ({ 'snapshot-count': value }) },
  {
    path: ['common', 'autoCompactionMode'],
    settings: (value) => ({ 'auto-compaction-mode': value }),
  },
  {
    path: ['common', 'autoCompactionRetention'],
    settings: (value) => ({ 'auto-compaction-retention': value }),
  },
  {
    path: ['backendQuotaGiB'],
    settings: (value) => ({ 'quota-backend-bytes': bytesOf(`${value}Gi`) }),
  },
  { path: ['controlPlaneHardwareSpeed'], settings: timingsOf },
]

function givenFields(resource: YamlValue | undefined): Given {
  const settings = fields.flatMap(({ path, settings: become }): GivenSetting[] => {
    const value = valueAt(resource, 'spec', ...path)
    if (value?.kind !== 'scalar' || value.text === '') return []
    const { line } = value
    return Object.entries(become(value.text)).map(([name, text]) => ({
      name,
      value: text,
      line,
      door: 'flag',
    }))
  })
  return { settings, notUnderstood: [], problems: settings.flatMap(typeProblem) }
}

/** A quantity of Kubernetes, such as `8Gi`; another text stays as it is. */
function bytesOf(quantity: string): string {
  const [, count, unit = ''] = /^(\d+)(Ki|Mi|Gi|k|M|G)?$/.exec(quantity) ?? []
  if (count === undefined) return quantity
  const power = 'KMG'.indexOf(unit[0]?.toUpperCase() ?? '') + 1
  return String(Number(count) * (unit.endsWith('i') ? 1024 : 1000) ** (unit === '' ? 0 : power))
}

/** What OpenShift's operator makes of a speed. */
function timingsOf(speed: string): Readonly<Record<string, string>> {
  if (speed === 'Slower') return { 'heartbeat-interval': '500', 'election-timeout': '2500' }
  if (speed === 'Standard') return { 'heartbeat-interval': '100', 'election-timeout': '1000' }
  return {}
}

function variableOf(item: YamlValue): Variable[] {
  const [name, value] = [textAt(item, 'name'), valueAt(item, 'value')]
  if (name === undefined || value?.kind !== 'scalar') return []
  return [{ name, value: value.text, line: value.line }]
}
