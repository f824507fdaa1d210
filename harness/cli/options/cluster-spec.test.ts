import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ClusterOptions } from './cluster.ts'
import { specOf } from './cluster-spec.ts'

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-spec-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const path = join(directory, 'etcd.yaml')

function specFrom(yaml: string, flag: ClusterOptions['flag'] = []) {
  writeFileSync(path, yaml)
  const options = { from: [path], flag } as Partial<ClusterOptions> as ClusterOptions
  return specOf('three-mtls', options, { version: '3.5.16', architecture: 'amd64' })
}

test('a setting with which no scenario can run is refused at its line', () => {
  const quiet = 'name: infra\nheartbeat-interval: 100\nlog-level: error\n'
  expect(() => specFrom(quiet)).toThrow(
    `Expected \`${path}:3: log-level\` to be info or debug, so that members log what they do, got "error"`,
  )
  expect(() => specFrom('name: infra\nelection-timeout: 100\n')).toThrow(
    `Expected \`${path}:2: election-timeout\``,
  )
})

test('of several members, the one whose setting it is has the line', () => {
  const paths = ['level', 'timeout', 'third'].map((name) => join(directory, `${name}.yaml`))
  const options = { from: paths, flag: [] } as Partial<ClusterOptions> as ClusterOptions
  const specOfEach = (own: readonly string[]) => {
    for (const [index, text] of own.entries()) {
      writeFileSync(paths[index] ?? '', `name: m${index + 1}\n${text}`)
    }
    return () => specOf('three-mtls', options, { version: '3.5.16', architecture: 'amd64' })
  }
  expect(specOfEach(['log-level: info\n', 'log-level: info\n', 'log-level: error\n'])).toThrow(
    `Expected \`${paths[2]}:2: log-level\``,
  )
  expect(
    specOfEach(['election-timeout: 1000\n', 'election-timeout: 400\n', 'election-timeout: 1000\n']),
  ).toThrow(`Expected \`${paths[1]}:2: election-timeout\` to be from 500`)
})

test('a setting that a flag replaces is refused as the flag', () => {
  const yaml = 'name: infra\nlog-level: info\n'
  expect(() => specFrom(yaml, ['log-level=error'])).toThrow('Expected `--flag log-level`')
})
