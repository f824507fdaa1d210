import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { engineRemedy } from './engine-remedy.mjs'
import { staleReason } from './modules.mjs'
import { preparation } from './script.mjs'
import { asRoot, familyOf } from './system.mjs'

const bootstrap = join(import.meta.dirname, 'bootstrap.mjs')
const folder = mkdtempSync(join(tmpdir(), 'gauntlet-bootstrap-'))

/** A checkout's two lockfiles: the wanted packages, and those that npm installed. */
function checkout(wanted: object, installed?: object): string {
  const root = mkdtempSync(join(folder, 'checkout-'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }))
  if (installed !== undefined) {
    mkdirSync(join(root, 'node_modules'))
    const file = join(root, 'node_modules/.package-lock.json')
    writeFileSync(file, JSON.stringify({ packages: installed }))
  }
  return root
}

const one = { version: '1.0.0', integrity: 'sha512-a' }

test('node_modules is stale when it is missing, or differs from the lockfile in any package', () => {
  const wanted = { '': {}, 'node_modules/a': one, 'node_modules/mac': { ...one, optional: true } }
  const same = { 'node_modules/a': one }
  expect(staleReason(checkout(wanted, same))).toBeUndefined()
  expect(staleReason(checkout(wanted))).toBe('node_modules is missing')
  const older = { 'node_modules/a': { ...one, version: '0.9.0' } }
  expect(staleReason(checkout(wanted, older))).toContain('older than the lockfile')
  const other = { 'node_modules/a': { ...one, integrity: 'sha512-b' } }
  expect(staleReason(checkout(wanted, other))).toContain('node_modules/a')
  expect(staleReason(checkout(wanted, {}))).toContain('node_modules/a')
  const extra = { ...same, 'node_modules/b': one }
  expect(staleReason(checkout(wanted, extra))).toContain('node_modules/b')
})

/** How the bootstrap runs a script: in its own process, or where it is too old in that of another Node. */
const ways = [
  { where: 'its own process', node: [bootstrap] },
  {
    where: 'another Node',
    node: [
      '--input-type=module',
      '--eval',
      `import { runInChild } from '${join(import.meta.dirname, 'script.mjs')}'
       runInChild(process.execPath, process.argv.slice(1))`,
    ],
  },
]

function scriptOf(source: string): string {
  const script = join(mkdtempSync(join(folder, 'script-')), 'script.ts')
  writeFileSync(script, source)
  return script
}

const run = (node: readonly string[], source: string, args: readonly string[] = []) =>
  spawnSync(process.execPath, [...node, scriptOf(source), ...args], { encoding: 'utf8' })

describe.each(ways)('a script in $where', ({ node }) => {
  test('has its arguments and streams, and its exit code is that of the bootstrap', () => {
    const ran = run(
      node,
      'const n: number = 3\nconsole.log(process.argv.slice(2).join(" "))\nprocess.exit(n)',
      ['run', '--depth', 'ci'],
    )
    expect(ran.stdout).toBe('run --depth ci\n')
    expect(ran.status).toBe(3)
  })

  test('that throws shows its stack, and exits with 1', () => {
    const { status, stderr } = run(node, 'function fail() { throw new TypeError("x") }\nfail()')
    expect({
      status,
      stack: stderr.match(/TypeError: x\n +at fail .*script\.ts:1/)?.length,
    }).toEqual({
      status: 1,
      stack: 1,
    })
  })

  test('that a signal kills takes the bootstrap with it, by the same signal', () => {
    expect(run(node, 'process.kill(process.pid, "SIGKILL")').signal).toBe('SIGKILL')
  })

  test('receives a signal to the bootstrap alone once, and the bootstrap waits for it', async () => {
    const script = scriptOf(
      `let count = 0
       process.on('SIGINT', () => { count++; setTimeout(() => { console.log(count); process.exit(7) }, 200) })
       setInterval(() => {}, 1000)
       console.log('ready')`,
    )
    const child = spawn(process.execPath, [...node, script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') child.kill('SIGINT')
      said += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(said).toBe('ready\n1\n')
    expect(code).toBe(7)
  })
})

/** What the cache of compiled modules holds after a script ran with an empty one. */
function cachedAfter(source: string, home: string): string[] {
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache') }
  spawnSync(process.execPath, [bootstrap, scriptOf(source)], { env })
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
}

const typed = 'const seen: string = "compiled once"\nconsole.log(seen)'

test('a script that ran once is in the cache of compiled modules, without its types', () => {
  const entries = cachedAfter(typed, mkdtempSync(join(folder, 'home-')))
  // It holds the script as Node runs it, with blanks where the type was.
  expect(entries.some((entry) => /const seen {9}= "compiled once"/.test(entry))).toBe(true)
})

test.skipIf(process.getuid?.() !== 0)('no module is cached in the home of another user', () => {
  const home = mkdtempSync(join(folder, 'home-'))
  chownSync(home, 12_345, 12_345)
  expect(cachedAfter(typed, home)).toEqual([])
})

test('the script that runs when none is named exists', () => {
  expect(existsSync(preparation(join(import.meta.dirname, '../..')))).toBe(true)
})

test('without an engine the exit code is 4, and the message has a command, on every system', () => {
  const probe = `import { ensureEngine } from '${join(import.meta.dirname, 'engine.mjs')}'
    await ensureEngine().catch((error) => { console.log(error.message); process.exit(error.exitCode) })`
  const env = {
    ...process.env,
    DOCKER_HOST: `unix://${folder}/none.sock`,
    GAUNTLET_NO_INSTALL: '1',
  }
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
    encoding: 'utf8',
    env,
  })
  expect(ran.status).toBe(4)
  expect(ran.stdout).toContain('none.sock: ENOENT')
  for (const family of ['debian', 'fedora', 'rhel', 'arch', 'alpine', 'suse', 'macos'] as const) {
    expect(engineRemedy({ family, codename: '', root: false }, [])).toMatch(/^(sudo|brew) \S/)
  }
})

test('a system is recognized by its ID and ID_LIKE, descendants included', () => {
  expect(familyOf('linux', 'ubuntu debian')).toBe('debian')
  expect(familyOf('linux', 'rocky rhel centos fedora')).toBe('rhel')
  expect(familyOf('linux', 'fedora ')).toBe('fedora')
  expect(familyOf('linux', 'opensuse-leap suse opensuse')).toBe('suse')
  expect(familyOf('darwin', '')).toBe('macos')
  expect(asRoot('a b && c', false)).toBe('sudo a b && sudo c')
  expect(asRoot('a b && c', true)).toBe('a b && c')
})
