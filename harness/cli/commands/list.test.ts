import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { packageRoot } from '../run/suites.ts'

// Each test starts processes, which take seconds on a busy machine.

const run = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['harness/cli/main.ts', 'list', ...args],
    { cwd: packageRoot },
  )
  return stdout
}

test('a suite’s scenarios are listed with what they do, by depth and fault', async () => {
  const lines = (await run('quorum-loss', '--json', '--depth', 'quick', '--fault', 'isolate'))
    .trim()
    .split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      id: 'quorum-loss/leader-isolated',
      title: 'An isolated leader serves no write and no linearizable read',
      depth: 'quick',
      faults: ['isolate'],
      effects: ['cuts'],
      tags: ['objective'],
      aboutMs: 16_000,
      needs: ['sidecar', 'iptables'],
    },
  ])
})

test('scenarios are found by what their faults do and by their kind', async () => {
  const ids = async (...args: string[]) =>
    (await run('--json', ...args))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id)
  expect(await ids('quorum-loss', '--effect', 'stalls')).toContain('quorum-loss/leader-paused')
  const chaos = await ids('--tag', 'chaos')
  expect(chaos).toContain('workloads/bank')
  expect(chaos).not.toContain('quorum-loss/leader-paused')
})

test('a fault that no scenario injects is one line with those there are', async () => {
  const failure = await run('quorum-loss', '--fault', 'killl').catch((error) => error)
  expect(failure.code).toBe(2)
  expect(failure.stderr).toMatch(
    /^gauntlet: Expected `--fault` to be one of .*kill.*, got `killl` \(did you mean `kill`\?\)\n$/,
  )
})
