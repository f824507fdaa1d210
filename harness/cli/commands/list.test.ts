import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { packageRoot } from '../suites.ts'

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
      needs: ['sidecar', 'iptables'],
    },
  ])
})

test('a fault that no scenario injects is one line with those there are', async () => {
  const failure = await run('quorum-loss', '--fault', 'killl').catch((error) => error)
  expect(failure.code).toBe(2)
  expect(failure.stderr).toMatch(
    /^gauntlet: Expected `--fault` to be one of .*kill.*, got `killl`\n$/,
  )
})
