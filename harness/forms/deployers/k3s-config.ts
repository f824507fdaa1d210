import { keysOf } from '../etcd/yaml-file.ts'
import type { FileForm } from '../file-form.ts'
import { formatYaml, type YamlValue } from '../text/yaml-document.ts'
import { type DeployerSettings, withDeployers } from './deployer-settings.ts'
import { givenArguments } from './extra-arguments.ts'

const ownKeys = ['etcd-arg', 'etcd-arg+', 'cluster-init', 'etcd-expose-metrics']

/** What k3s and RKE2 themselves write into the file of their etcd. */
const ownSettings: DeployerSettings = {
  by: 'k3s or RKE2',
  door: 'key',
  settings: { 'heartbeat-interval': '500', 'election-timeout': '5000' },
  line: 1,
}

/** The configuration file of k3s and RKE2: `etcd-arg` has what they add to their own etcd's. */
export const k3sConfig: FileForm = {
  name: 'k3s',
  title: 'a configuration file of k3s or RKE2',
  recognises: ({ documents = [] }) => keysOf(documents[0]).some((key) => ownKeys.includes(key)),
  read: ({ documents: [document] = [] }) => {
    const entries = document?.kind === 'map' ? document.entries : []
    const extra = entries
      .filter(({ key }) => key === 'etcd-arg' || key === 'etcd-arg+')
      .flatMap(({ value }) => argumentsOf(value))
    const given = givenArguments(extra)
    const others = entries
      .filter(({ key }) => !key.startsWith('etcd-arg'))
      .map(({ key, value, line }) => ({
        setting: key,
        value: formatYaml(value),
        line,
        why: 'for k3s or RKE2, not for etcd',
      }))
    const { settings, notUnderstood, problems } = given
    const member = {
      label: '',
      settings: withDeployers(settings, ownSettings),
      notUnderstood: [...notUnderstood, ...others],
      hasTls: true as const,
    }
    return { members: [member], problems }
  },
}

function argumentsOf(value: YamlValue): { text: string; line: number }[] {
  const items = value.kind === 'list' ? value.items : [value]
  // k3s writes them into a file in YAML, where brackets make a list.
  return items.map((item) => ({
    text: `--${formatYaml(item)
      .replace(/^--?/, '')
      .replace(/=\[(.*)\]$/s, '=$1')}`,
    line: item.line,
  }))
}
