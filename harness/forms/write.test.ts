import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberConfiguration } from '../config/member.ts'
import { preset, presets } from '../topology/presets.ts'
import { readDeployment } from './deployment/deployment.ts'
import type { FileForm, WrittenMember } from './file-form.ts'
import { namedForms } from './file-forms.ts'

const writing = namedForms.filter((form) => form.write !== undefined)

/** What is in force, by member, when the written files are read. */
function readBack(form: FileForm, members: readonly WrittenMember[]) {
  const files = form.write?.(members) ?? []
  const read = readDeployment(files.map(({ name, text }) => ({ path: name, text })))
  expect(read.forms).toContain(form.name)
  expect(read.members).toHaveLength(members.length)
  return read.members.map(({ settings, notUnderstood }) => {
    expect(notUnderstood).toEqual([])
    return settings.map(({ name, value }) => ({ name, value })).toSorted(byName)
  })
}

const inOrder = (members: readonly WrittenMember[]) =>
  members.map(({ configuration }) => [...configuration].toSorted(byName))

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

test('the six forms of the documents and Compose are written', () => {
  expect(writing.map(({ name }) => name).toSorted()).toEqual([
    'compose',
    'environment',
    'flags',
    'inventory',
    'pod',
    'unit',
    'yaml',
  ])
})

const option = fc.oneof(
  fc.record({
    name: fc.constantFrom('initial-cluster-token', 'cors', 'log-level'),
    value: fc
      .string({ unit: 'grapheme-ascii', minLength: 1 })
      .filter((text) => text === text.trim()),
  }),
  fc.record({
    name: fc.constantFrom('quota-backend-bytes', 'snapshot-count', 'max-txn-ops'),
    value: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
  }),
  fc.record({ name: fc.constantFrom('pre-vote', 'client-cert-auth'), value: fc.constant('true') }),
  fc.record({
    name: fc.constantFrom('grpc-keepalive-interval', 'grpc-keepalive-timeout'),
    value: fc.constantFrom('2h', '5s', '1500ms', '7m', '0s'),
  }),
  fc.record({
    name: fc.constantFrom('cert-file', 'peer-trusted-ca-file', 'peer-cert-allowed-cn'),
    value: fc.constantFrom('/etc/etcd/a b.pem', 'name.example'),
  }),
)

/** One to five members, each with its name, its address and options of its own. */
const cluster = fc
  .array(fc.uniqueArray(option, { selector: ({ name }) => name }), { minLength: 1, maxLength: 5 })
  .map((all) => {
    const initial = all.map((_, index) => `m${index + 1}=https://10.0.0.${index}:2380`).join(',')
    return all.map((options, index) => ({
      member: `m${index + 1}`,
      image: 'example/etcd:v3.5.16',
      configuration: [
        { name: 'name', value: `m${index + 1}` },
        { name: 'initial-cluster', value: initial },
        { name: 'initial-advertise-peer-urls', value: `https://10.0.0.${index}:2380` },
        ...options,
      ],
    }))
  })

test.each(writing)('any cluster is read back from $name', (form) => {
  fc.assert(
    fc.property(cluster, (members) => {
      expect(readBack(form, members)).toEqual(inOrder(members))
    }),
  )
})

test.each([
  '_0',
  '+_1',
  '0o7',
  '8_589',
  '1e_3',
  '.5',
  'on',
  'NO',
  '~',
  '2001-01-01',
  '0x_',
  '"',
  '$(A)',
])('a text that looks like something else, %s, is read back from every form', (value) => {
  const configuration = [
    { name: 'name', value: 'm1' },
    { name: 'initial-cluster', value: 'm1=https://10.0.0.1:2380' },
    { name: 'initial-advertise-peer-urls', value: 'https://10.0.0.1:2380' },
    { name: 'initial-cluster-token', value },
  ]
  const members = [{ member: 'm1', image: 'example/etcd:v3.5.16', configuration }]
  for (const form of writing) expect(readBack(form, members)).toEqual(inOrder(members))
})

test.each([
  ['_0', '_0'],
  ['x_0', 'x_0'],
  ['+_1', undefined],
  ['0o7', undefined],
  ['8_589', undefined],
  ['off', undefined],
])('etcd reads the YAML text %s as the text %s', (text, value) => {
  const read = () =>
    readDeployment([{ path: 'm1.yaml', text: `name: m1\ninitial-cluster-token: ${text}\n` }])
  if (value === undefined) expect(read).toThrow(/expected a text in quotes/)
  else expect(read().members[0]?.settings).toContainEqual(expect.objectContaining({ value }))
})

test.each(writing)('every preset is read back from $name', (form) => {
  for (const name of Object.keys(presets)) {
    const spec = preset(name, { version: '3.5.16', options: { 'auto-compaction-retention': '1h' } })
    const addresses = Object.fromEntries(spec.members.map((one, n) => [one.name, `10.0.0.${n}`]))
    const members = spec.members.map(({ name: member }) => ({
      member,
      image: 'example/etcd:v3.5.16',
      configuration: memberConfiguration(spec, { member, addresses }),
    }))
    expect(readBack(form, members)).toEqual(inOrder(members))
  }
})
