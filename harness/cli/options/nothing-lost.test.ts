import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containerPlan } from '../../cluster/member/container-plan.ts'
import { readDeployment, type SourceFile } from '../../forms/deployment/deployment.ts'
import { specOfDeployment } from '../../forms/deployment/deployment-spec.ts'
import { namedForms } from '../../forms/file-forms.ts'
import { knownVersions } from '../../topology/options/flag-table.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { oddOptions } from '../../topology/testing/odd-options.ts'
import type { ClusterOptions } from './cluster.ts'
import { specOf } from './cluster-spec.ts'

const architecture = 'amd64'
const versions = [...knownVersions]
const writing = namedForms.filter((form) => form.write !== undefined)

const optionsOf = (options: Partial<ClusterOptions>): ClusterOptions =>
  ({ from: [], flag: [], ...options }) as ClusterOptions

/** The command line with which a member of the cluster starts. */
function commandOf(spec: ClusterSpec, member: string): readonly string[] {
  const addresses = Object.fromEntries(spec.members.map(({ name }, n) => [name, `10.9.8.${n}`]))
  return containerPlan({
    plan: { spec, runId: 'r', image: 'etcd:a' },
    home: {
      name: member,
      architecture,
      address: addresses[member] ?? '',
      addresses,
      network: 'net',
      clientPort: 20_001,
      metricsPort: 20_002,
    },
    settings: {},
    volume: 'v',
    containerName: 'c',
    files: [],
  }).command
}

const flagsOf = (options: Readonly<Record<string, string>>) =>
  Object.entries(options).map(([name, value]) => `--${name}=${value}`)

function missing(spec: ClusterSpec, options: Readonly<Record<string, string>>): string[] {
  return spec.members.flatMap(({ name }) => {
    const command = commandOf(spec, name)
    return flagsOf(options).filter((flag) => !command.includes(flag))
  })
}

test.each(versions)('every option of etcd %s that --flag gives reaches every member', (version) => {
  const options = oddOptions(version)
  expect(Object.keys(options).length).toBeGreaterThan(25)
  const flag = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  const spec = specOf('three-mtls', optionsOf({ flag }), { version, architecture })
  expect(missing(spec, options)).toEqual([])
})

/** The files of one member in a form, as the user has them. */
function written(form: (typeof writing)[number], options: Readonly<Record<string, string>>) {
  const configuration = Object.entries(options).map(([name, value]) => ({ name, value }))
  const files = form.write?.([{ member: 'm1', image: 'example/etcd:v3.5.16', configuration }]) ?? []
  return files.map(({ name, text }): SourceFile => ({ path: name, text }))
}

const everyFormAndVersion = writing.flatMap((form) =>
  versions.map((version) => ({ form, name: form.name, version })),
)

test.each(everyFormAndVersion)(
  'every option of etcd $version in the form $name reaches every member of the template',
  ({ form, version }) => {
    const options = oddOptions(version)
    const deployment = readDeployment(written(form, options))
    const deployed = specOfDeployment(deployment, { architecture, members: 3 })
    // etcd's YAML has no key for some flags, and `inspect` says so.
    const unread = deployment.members[0].notUnderstood.map(({ setting }) => setting)
    const read = Object.entries(options).filter(([name]) => !unread.includes(name))
    expect(unread.length).toBeLessThan(form.name === 'yaml' ? 8 : 1)
    expect(missing(clusterSpec({ version, ...deployed }), Object.fromEntries(read))).toEqual([])
  },
)

test('a flag replaces what a file sets under another name, for every member', () => {
  const version = '3.6.14'
  const path = join(mkdtempSync(join(tmpdir(), 'gauntlet-')), 'etcd.yaml')
  writeFileSync(path, 'experimental-corrupt-check-time: 60000000000\nheartbeat-interval: 200\n')
  const flag = ['corrupt-check-time=5s', 'heartbeat-interval=150', 'election-timeout=3000']
  const spec = specOf('three-mtls', optionsOf({ from: [path], flag, members: 3 }), {
    version,
    architecture,
  })
  for (const { name } of spec.members) {
    const command = commandOf(spec, name)
    expect(command).toEqual(
      expect.arrayContaining([
        '--corrupt-check-time=5s',
        '--heartbeat-interval=150',
        '--election-timeout=3000',
      ]),
    )
    expect(command.filter((each) => each.includes('experimental-'))).toEqual([])
  }
})

test("a file's port for HTTP and its unix socket reach every member", () => {
  const yaml = [
    'listen-client-urls: https://127.0.0.1:2379,unixs://192.0.2.61:0',
    'listen-client-http-urls: https://127.0.0.1:2392',
    'client-transport-security: { cert-file: a, key-file: b }',
  ]
  const deployment = readDeployment([{ path: 'a.yaml', text: yaml.join('\n') }])
  const spec = clusterSpec({ version: '3.5.16', ...specOfDeployment(deployment, { architecture }) })
  expect(spec).toMatchObject({ ports: { clientHttp: 2382 }, clientSocket: 'unixs' })
  expect(commandOf(spec, spec.members[0]?.name ?? '')).toEqual(
    expect.arrayContaining([
      '--listen-client-urls=https://0.0.0.0:2379,unixs:///var/lib/etcd/client.sock',
      '--listen-client-http-urls=https://0.0.0.0:2382',
    ]),
  )
})

test('of three files each member has the options of its own', () => {
  const version = '3.5.16'
  const texts = ['100', '200', '300'].map(
    (count) =>
      `--name=n${count} --snapshot-count=${count} --heartbeat-interval=${count} --election-timeout=5000`,
  )
  const files = texts.map((text, index) => ({ path: `${index}.sh`, text: `etcd ${text}\n` }))
  const deployed = specOfDeployment(readDeployment(files), { architecture })
  const spec = clusterSpec({ version, ...deployed })
  expect(spec.heartbeatIntervalMs).toBe(300)
  for (const count of ['100', '200', '300']) {
    expect(commandOf(spec, `n${count}`)).toEqual(
      expect.arrayContaining([
        `--snapshot-count=${count}`,
        `--heartbeat-interval=${count}`,
        '--election-timeout=5000',
      ]),
    )
  }
})
