import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberConfiguration } from '../config/member.ts'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import { preset, presets } from '../topology/presets.ts'
import { readDeployment } from './deployment.ts'
import type { FileForm } from './file-form.ts'
import { namedForms } from './file-forms.ts'

const writing = namedForms.filter((form) => form.write !== undefined)
const place = { member: 'm1', image: 'example/etcd:v3.5.16' }

/** What is in force when the written files are read. */
function readBack(form: FileForm, configuration: MemberConfiguration) {
  const files = form.write?.(configuration, place) ?? []
  const read = readDeployment(files.map(({ name, text }) => ({ path: name, text })))
  expect(read.forms).toContain(form.name)
  expect(read.members).toHaveLength(1)
  expect(read.members[0].notUnderstood).toEqual([])
  return read.members[0].settings.map(({ name, value }) => ({ name, value })).toSorted(byName)
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

test('five forms are written', () => {
  expect(writing.map(({ name }) => name).toSorted()).toEqual([
    'environment',
    'flags',
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

const configuration = fc.uniqueArray(option, { selector: ({ name }) => name, minLength: 1 })

test.each(writing)('any configuration is read back from $name', (form) => {
  fc.assert(
    fc.property(configuration, (options) => {
      expect(readBack(form, options)).toEqual([...options].toSorted(byName))
    }),
  )
})

test.each(writing)('every preset is read back from $name', (form) => {
  for (const name of Object.keys(presets)) {
    const spec = preset(name, { version: '3.5.16', options: { 'auto-compaction-retention': '1h' } })
    const addresses = Object.fromEntries(spec.members.map((one, n) => [one.name, `10.0.0.${n}`]))
    const written = memberConfiguration(spec, { member: 'm1', addresses })
    expect(readBack(form, written)).toEqual([...written].toSorted(byName))
  }
})
