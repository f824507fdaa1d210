import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { done, notYet, poll } from '../../core/poll.ts'

const main = join(import.meta.dirname, '../main.ts')
const state = mkdtempSync(join(tmpdir(), 'gauntlet-inject-'))
let id = ''

/** Processes of their own, as a user starts them one after another. */
const gauntlet = (...args: readonly string[]) => {
  return execa(process.execPath, [main, ...args], {
    reject: false,
    env: { XDG_STATE_HOME: state },
  })
}

beforeAll(async () => {
  const { stdout } = await gauntlet('up', 'three-mtls', '--json')
  id = JSON.parse(stdout).id
})
afterAll(async () => {
  if (id !== '') await gauntlet('down', id)
  rmSync(state, { recursive: true, force: true })
})

test('a fault is put on a kept cluster, proved and undone, and the cluster is healthy then', async () => {
  const { stdout, exitCode } = await gauntlet('inject', 'kill', 'leader', '--for', '1s', '--json')
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    fault: 'kill',
    effect: 'stops',
    proof: { observed: true },
    targets: [expect.stringMatching(/^m[123]$/)],
    inForceMs: expect.any(Number),
  })
  expect((await gauntlet('verify', id, '--skip', 'leader-changes')).exitCode).toBe(0)
})

test('an interrupt undoes a fault at once, however long it was to last', async () => {
  const injecting = gauntlet('inject', 'pause', 'follower', '--for', '1h')
  await untilSays(injecting, 'in force')
  injecting.kill('SIGINT')
  const { stderr, exitCode } = await injecting
  expect(stderr).toMatch(/pause of m\d undone after \d+\.\d s/)
  expect(exitCode).toBe(0)
})

test('a fault that needs a new certificate is refused, since the CA is not at hand', async () => {
  const { stderr, exitCode } = await gauntlet('inject', 'rotate-certificates', 'm1')
  expect(exitCode).toBe(4)
  expect(stderr).toMatch(/Expected the key of the CA to issue a certificate, got none/)
})

test('an unknown target is one line with those there are', async () => {
  const { stderr, exitCode } = await gauntlet('inject', 'kill', 'm7')
  expect(exitCode).toBe(2)
  expect(stderr).toBe(
    'gauntlet: Expected the target to be one of m1, m2, m3, leader, follower, all, got `m7`',
  )
})

function untilSays(process: ReturnType<typeof gauntlet>, text: string): Promise<void> {
  let said = ''
  process.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  return poll(async () => (said.includes(text) ? done(undefined) : notYet(said)), {
    what: `the command to say ${text}`,
    deadlineMs: 60_000,
    intervalMs: 50,
  })
}
