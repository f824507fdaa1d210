import type { FileForm, MemberReading } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { entryOf, textAt, valueAt, type YamlEntry, type YamlValue } from '../text/yaml-document.ts'
import { withDeployers } from './deployer-settings.ts'
import { argumentsOf, givenArguments, kindProblem } from './extra-arguments.ts'
import { forDeployer } from './for-deployer.ts'

/** The values of karmada's chart, a resource of its operator, or what `karmadactl init` reads. */
export const karmadaConfig: FileForm = {
  name: 'karmada',
  title: 'a configuration of karmada',
  recognises: ({ documents = [] }) => documents.some((one) => etcdOf(one) !== undefined),
  read: ({ documents = [] }) => {
    const [etcd] = documents.flatMap((one) => etcdOf(one) ?? [])
    const own = entryOf(etcd, 'internal') ?? entryOf(etcd, 'local')
    if (own === undefined || textAt(etcd, 'mode') === 'external') {
      const expected = 'an etcd that karmada runs'
      const place = entryOf(etcd, 'external') ?? etcd
      const found = entryOf(etcd, 'external') ? 'etcd.external, which says where one is' : 'none'
      return { members: [], problems: [{ line: place?.line ?? 1, expected, found }] }
    }
    return readEtcd(own)
  },
}

function etcdOf(document: YamlValue): YamlValue | undefined {
  const version = textAt(document, 'apiVersion') ?? ''
  if (/^(operator|config)\.karmada\.io\//.test(version)) {
    return valueAt(document, 'spec', 'components', 'etcd') ?? valueAt(document, 'spec', 'etcd')
  }
  const values = valueAt(document, 'etcd')
  const isChart = /^(internal|external)$/.test(textAt(values, 'mode') ?? '')
  return isChart ? values : undefined
}

/** Clients need certificates, and members talk to one another without TLS. */
const certificates = '/etc/kubernetes/pki/etcd'
const ownSettings = {
  'cert-file': `${certificates}/karmada.crt`,
  'key-file': `${certificates}/karmada.key`,
  'trusted-ca-file': `${certificates}/server-ca.crt`,
  'client-cert-auth': 'true',
  'cipher-suites': cipherSuites(),
}

/** Those that Go calls secure, and two older names. */
function cipherSuites(): string {
  const ciphers = ['AES_128_CBC_SHA', 'AES_256_CBC_SHA', 'AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']
  const named = (keys: string, some: readonly string[]) =>
    some.map((cipher) => `TLS_${keys}_WITH_${cipher}`)
  const exchanges = ['ECDHE_ECDSA', 'ECDHE_RSA']
  return [
    ...named('RSA', ciphers),
    ...['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256'].map(
      (cipher) => `TLS_${cipher}`,
    ),
    ...exchanges.flatMap((keys) => named(keys, ciphers)),
    ...exchanges.flatMap((keys) => named(keys, ['CHACHA20_POLY1305_SHA256', 'CHACHA20_POLY1305'])),
  ].join(',')
}

const read = ['image', 'imageTag', 'tag', 'replicas', 'replicaCount', 'extraArgs']

function readEtcd({ value, line }: YamlEntry): { members: MemberReading[]; problems: Problem[] } {
  const extra = valueAt(value, 'extraArgs')
  const given = givenArguments(argumentsOf(extra))
  const count = Number(textAt(value, 'replicas') ?? textAt(value, 'replicaCount') ?? 0)
  const tag = [valueAt(value, 'image', 'tag'), valueAt(value, 'imageTag'), valueAt(value, 'tag')]
  const [named] = tag.flatMap((one) => (one?.kind === 'scalar' && one.text !== '' ? [one] : []))
  const deployer = { by: 'karmada', door: 'flag', settings: ownSettings, line } as const
  const member: MemberReading = {
    label: '',
    settings: withDeployers(given.settings, deployer),
    notUnderstood: [...given.notUnderstood, ...forDeployer(value, { read, by: 'karmada' })],
    ...(count > 0 && { count }),
    ...(named && { image: { reference: `etcd:${named.text}`, line: named.line } }),
  }
  const problems = [...kindProblem(extra, { key: 'extraArgs', kind: 'map' }), ...given.problems]
  return { members: [member], problems }
}
