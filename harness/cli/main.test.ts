import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { exitCodes } from '../core/errors.ts'

// Each test starts processes, which take seconds on a busy machine.

const main = join(import.meta.dirname, 'main.ts')

/** No engine can be reached from here: whatever is wrong must be found before one is needed. */
const gauntlet = (...args: string[]) =>
  execa(process.execPath, [main, ...args], {
    reject: false,
    env: { DOCKER_HOST: 'unix:///nonexistent/engine.sock', GAUNTLET_NO_INSTALL: '1' },
  })

const saved = (name: string) => join(import.meta.dirname, `../../fixtures/histories/${name}.jsonl`)

test('a mistake is one line on standard error, and exit code 2', async () => {
  const { exitCode, stdout, stderr } = await gauntlet('run', '--seed', 'abc')
  expect(stderr).toBe('gauntlet: Expected `--seed` to be a whole number, got `abc`')
  expect(stdout).toBe('')
  expect(exitCode).toBe(exitCodes.usage)
})

test.each([
  ['valid', 'etcd-valid-initial', exitCodes.held],
  ['invalid', 'etcd-invalid-stale-read', exitCodes.broken],
])('the exit code of check says that a history is %s', async (verdict, file, expected) => {
  const { exitCode, stdout } = await gauntlet('check', '--json', saved(file))
  expect(JSON.parse(stdout)).toMatchObject({ verdict })
  expect(exitCode).toBe(expected)
})

test('a command whose reader has closed the pipe exits as by SIGPIPE, without a word', async () => {
  // Behind the first verdict there is more to do.
  const ran = gauntlet('check', ...Array<string>(50).fill(saved('etcd-valid-initial')))
  ran.stdout?.destroy()
  const { exitCode, stderr } = await ran
  expect({ exitCode, stderr }).toEqual({ exitCode: 128 + 13, stderr: '' })
})

test('without an engine the exit code is 4, with the command that helps', async () => {
  const { exitCode, stderr } = await gauntlet('run', '--seed', '1')
  expect(stderr).toContain('Run: unset DOCKER_HOST')
  expect(stderr).not.toContain('    at ')
  expect(exitCode).toBe(exitCodes.environment)
})

test('verify needs no engine; a cluster that does not answer is exit code 4', async () => {
  const { exitCode, stdout } = await gauntlet('verify', '--json', '--endpoints', '127.0.0.1:1')
  const { format, verdict, checks } = JSON.parse(stdout)
  expect({ format, verdict }).toEqual({ format: 'gauntlet-verify/1', verdict: 'unreachable' })
  expect(checks[0].findings[0].code).toBe('endpoint-unreachable')
  expect(exitCode).toBe(exitCodes.environment)
})

test.each([
  ['an error that nothing catches', 'throw new TypeError("no such page")'],
  ['a rejection that nothing handles', 'Promise.reject(new TypeError("no such page"))'],
])('%s is a defect of ours, exit 3', async (_, fail) => {
  const onWrite = `process.stdout.write = () => { setImmediate(() => { ${fail} }); return true }`
  const preload = `data:text/javascript,${encodeURIComponent(onWrite)}`
  const { exitCode, stderr } = await execa(
    process.execPath,
    ['--import', preload, main, 'doctor', '--help'],
    { reject: false },
  )
  expect(stderr).toMatch(/a defect of gauntlet itself.*no such page/)
  expect(exitCode).toBe(exitCodes.inconclusive)
})
