import type { FileForm, FileReading, MemberReading } from '../file-form.ts'
import { fromVariables, joinGiven, type Variable } from '../given.ts'
import {
  entryOf,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlEntry,
  type YamlValue,
} from '../text/yaml-document.ts'
import { withDeployers } from './deployer-settings.ts'
import { flagsIn, givenArguments, kindProblem } from './extra-arguments.ts'
import { forDeployer } from './for-deployer.ts'

/** The values of vcluster: the etcd that it deploys beside itself, or the one in its own process. */
export const vclusterValues: FileForm = {
  name: 'vcluster',
  title: 'the values of vcluster',
  recognises: ({ documents = [] }) => storeOf(documents[0]) !== undefined,
  read: ({ documents: [document] = [] }) => {
    const etcd = storeOf(document)
    const deployed = entryOf(valueAt(etcd, 'deploy'), 'statefulSet')
    const embedded = entryOf(etcd, 'embedded')
    const isEnabled = (part: string) => textAt(etcd, part, 'enabled') === 'true'
    if (isEnabled('deploy')) return readDeployed(deployed, entryOf(etcd, 'deploy')?.line ?? 1)
    if (embedded !== undefined && isEnabled('embedded')) return readEmbedded(embedded, document)
    const found = 'none that is enabled'
    const expected = 'an etcd in backingStore.etcd that vcluster runs'
    return { members: [], problems: [{ line: etcd?.line ?? 1, expected, found }] }
  },
}

function storeOf(values: YamlValue | undefined): YamlValue | undefined {
  return valueAt(values, 'controlPlane', 'backingStore', 'etcd')
}

function readDeployed(entry: YamlEntry | undefined, line: number): FileReading {
  const set = entry?.value
  const given = joinGiven(
    givenArguments(flagsIn(valueAt(set, 'extraArgs'))),
    fromVariables(itemsAt(set, 'env').flatMap(variableOf)),
  )
  const image = valueAt(set, 'image')
  const tag = valueAt(image, 'tag')
  const member: MemberReading = {
    label: '',
    settings: withDeployers(given.settings, {
      by: 'vcluster',
      door: 'flag',
      settings: { 'snapshot-count': '10000' },
      line: entry?.line ?? line,
    }),
    notUnderstood: [...given.notUnderstood, ...forDeployer(set, { read, by: 'vcluster' })],
    hasTls: true,
    ...countOf(set),
    ...(tag?.kind === 'scalar' &&
      tag.text !== '' && {
        image: {
          reference: `${textAt(image, 'repository') ?? 'etcd'}:${tag.text}`,
          line: tag.line,
        },
      }),
  }
  const problems = [
    ...kindProblem(valueAt(set, 'extraArgs'), { key: 'extraArgs', kind: 'list' }),
    ...kindProblem(valueAt(set, 'env'), { key: 'env', kind: 'list' }),
    ...given.problems,
  ]
  return { members: [member], problems }
}

const read = ['extraArgs', 'env', 'image', 'highAvailability', 'enabled']

function readEmbedded({ value }: YamlEntry, document: YamlValue | undefined): FileReading {
  const given = givenArguments(flagsIn(valueAt(value, 'extraArgs')))
  const count = entryOf(value, 'snapshotCount')
  const snapshots =
    count === undefined
      ? givenArguments([])
      : givenArguments([{ text: `--snapshot-count=${formatYaml(count.value)}`, line: count.line }])
  const { settings, notUnderstood, problems } = joinGiven(given, snapshots)
  const others = forDeployer(value, {
    read: ['enabled', 'extraArgs', 'snapshotCount'],
    by: 'vcluster',
  })
  const member: MemberReading = {
    label: '',
    settings,
    notUnderstood: [...notUnderstood, ...others],
    hasTls: true,
    ...countOf(valueAt(document, 'controlPlane', 'statefulSet')),
  }
  const wrong = kindProblem(valueAt(value, 'extraArgs'), { key: 'extraArgs', kind: 'list' })
  return { members: [member], problems: [...wrong, ...problems] }
}

function countOf(set: YamlValue | undefined): Pick<MemberReading, 'count'> {
  const count = Number(textAt(set, 'highAvailability', 'replicas') ?? 0)
  return count > 0 ? { count } : {}
}

function variableOf(item: YamlValue): Variable[] {
  const [name, value] = [textAt(item, 'name'), textAt(item, 'value')]
  return name === undefined || value === undefined ? [] : [{ name, value, line: item.line }]
}
