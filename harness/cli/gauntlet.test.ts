import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exitCodes } from '../core/errors.ts'
import { type CommandName, exitCodesOf } from './exit-codes.ts'
import { commands, runGauntlet } from './gauntlet.ts'

// The first test of a command loads it.

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-cli-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** No engine can be reached from here: whatever is wrong must be found before one is needed. */
beforeEach(() => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nonexistent/engine.sock')
  vi.stubEnv('GAUNTLET_NO_INSTALL', '1')
  vi.stubEnv('XDG_STATE_HOME', directory)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Runs a command in this process: what it writes, and the exit code that it leaves. */
async function gauntlet(...args: readonly string[]) {
  const [stdout, stderr] = [collect(process.stdout), collect(process.stderr)]
  const before = process.exitCode
  process.exitCode = exitCodes.held
  try {
    await runGauntlet(args)
    return { exitCode: process.exitCode, stdout: stdout(), stderr: stderr() }
  } finally {
    process.exitCode = before
  }
}

function collect(stream: NodeJS.WriteStream): () => string {
  const written: string[] = []
  vi.spyOn(stream, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  return () => written.join('').trimEnd()
}

const mistakes: readonly (readonly [args: string, says: RegExp])[] = [
  ['frobnicate', /unknown command 'frobnicate'/],
  ['constructor', /unknown command 'constructor'/],
  ['docter', /unknown command 'docter' \(did you mean `doctor`\?\); see gauntlet --help/],
  ['run --seed', /'--seed <number>' argument missing/],
  ['run --door window', /Expected `--door` to be one of direct, gateway, grpc-proxy, got `window`/],
  ['up --auth certificate --door grpc-proxy', /Expected `--door` to pass clients’ certificates on/],
  ['bench --door gateway', /unknown option '--door'/],
  ['run --tls both', /Expected `--tls` to be one of mutual, server, none, got `both`/],
  ['images --arch sparc', /Expected `--arch` to be one of amd64, arm64, got `sparc`/],
  ['images --etcd 9.9.9', /Expected `--etcd` to be one of .*, got `9\.9\.9`/],
  ['doctor --verbose', /unknown option '--verbose'/],
  ['run --sede 3', /'--sede' \(did you mean `--seed`\?\); see gauntlet run --help/],
  ['run --image ', /Expected `--image` to be a text that is not empty, got ``/],
  ['run --from none.yaml', /Expected none\.yaml to be a readable file, got no such file/],
  ['run --config none.ts', /Expected a config file at none\.ts, got no such file/],
  ['run --seed abc', /Expected `--seed` to be a whole number, got `abc`/],
  ['run --duration 25h', /Expected `--duration` to be a time up to 24h .*, got `25h`/],
  ['run --arch sparc', /Expected `--arch` to be one of amd64, arm64, got `sparc`/],
  ['run --etcd 9.9.9', /Expected `--etcd` to be one of .*3\.5\.16.*, got `9\.9\.9`/],
  ['run --etcd 3.5.16 --image a/b', /cannot be used with/],
  ['run --image a/b --binaries /tmp', /cannot be used with/],
  ['run --binaries /nonexistent', /Expected a directory with etcd's programs, got \/nonexistent/],
  ['run --tarball /nonexistent.tar.gz', /`--tarball` to be a file or a URL/],
  ['run --tarball https://example.invalid/etcd.tar.gz', /Expected `--sha256` beside the URL/],
  ['run --sha256 00', /Expected `--tarball` beside `--sha256`, got none/],
  [
    'run upgrade --upgrade-to ./none',
    /a directory or an archive at `--upgrade-to \.\/none`, got none/,
  ],
  ['run upgrade --upgrade-to https://example.invalid/etcd.tar.gz', /a directory or an archive at/],
  ['run --members 4', /Expected `--members` to be an odd number from 1 to 7, got 4/],
  ['run --members 9 --allow-even', /Expected `--members` to be from 1 to 7, got 9/],
  ['run --flag heartbeat-interval', /name=value, got `heartbeat-interval`/],
  ['run --flag heartbeat-interval=fast', /whole number of milliseconds, got `fast`/],
  ['run --flag data-dir=/tmp', /leave data-dir to Gauntlet/],
  [
    'run --flag election-timeout=100',
    /Expected `--flag election-timeout` .*five heartbeats.*, got 100/,
  ],
  ['run --objective speed=3', /measure=number.*got `speed=3`/],
  ['run --out package.json/x', /Expected `--out` to be a directory.*package\.json is no directory/],
  ['run --dry-run --out /proc/x', /Expected `--out` to be a directory.*\/proc cannot be written/],
  ['list --effect cut', /Expected `--effect` to be one of .*, got `cut` \(did you mean `cuts`\?\)/],
  ['run --objective writesPers=3', /did you mean `writesPerS`\?/],
  ['run --depth abyss', /Expected `--depth` to be one of quick, ci, full, got `abyss`/],
  ['run no-such-suite', /quorum-loss.*got `no-such-suite`/],
  ['run quorum-los', /Expected a suite, got `quorum-los` \(did you mean `quorum-loss`\?\)/],
  ['run quorum-loss/no-such', /quorum-loss\/leader-killed.*got `quorum-loss\/no-such`/],
  ['up four-mtls', /three-mtls.*got `four-mtls`/],
  ['up three-mtl', /got `three-mtl` \(did you mean `three-mtls`\?\)/],
  ['verify --count 3', /Expected `--watch` beside .*, got none/],
  ['verify --skip hush', /Expected `--skip` to be one of .*hash.*, got `hush`/],
  ['verify', /Expected `--endpoints`, or a cluster that `gauntlet up` keeps, got none/],
  ['verify nothing-kept', /id of a kept cluster .*, got `nothing-kept`/],
  ['inject', /missing required argument 'fault'/],
  ['inject kil', /Expected the name of a fault, got `kil` \(did you mean `kill`\?\)/],
  ['inject kill --cluster nothing-kept', /id of a kept cluster .*, got `nothing-kept`/],
  ['inject kill --for 0s', /Expected `--for` to be a time up to 24h .*, got `0s`/],
  ['check', /missing required argument 'path'/],
  [
    'check --model sql x.jsonl',
    /Expected `--model` to be one of etcd, cas-register, kv, set, got `sql`/,
  ],
  ['check --initial {', /Expected `--initial` to be JSON such as .*, got `\{`/],
  ['check --timeout-s 0', /Expected `--timeout-s` to be a number of seconds above 0, got `0`/],
  ['check --format xml x.jsonl', /gauntlet-history\/1.*jepsen-edn.*porcupine-json, got `xml`/],
  ['completion tcsh', /Expected the shell to be one of bash, zsh, fish, got `tcsh`/],
  ['report --merge x', /Expected `--out` beside `--merge`, got none/],
  ['gate x', /Expected `--baseline` with a file, got none/],
  ['run --matrix etcds=3.5.30', /with an axis of etcd, arch, .*did you mean `etcd`/],
  ['run --matrix etdc=3.5.30', /did you mean `etcd`/],
  ['run --matrix etcd=3.5.30,9.9.9', /Expected `--etcd` to be one of .*, got `9\.9\.9`/],
  ['run --matrix etcd=3.5.30,3.5', /Expected `--etcd` to be one of .*, got `3\.5`/],
  ['run --matrix members=3,4', /Expected `--members` to be an odd number from 1 to 7, got 4/],
  ['run --arch arm64 --matrix arch=amd64,arm64', /Expected one of `--matrix arch=…` and `--arch`/],
  ['run no-such-suite --matrix arch=amd64', /quorum-loss.*got `no-such-suite`/],
  ['run --shard 3/2', /Expected `--shard` to be a part such as 2\/5, got `3\/2`/],
  [
    'run --profile nightly',
    /Expected a gauntlet\.config\.ts with the profile `nightly`, got no file/,
  ],
  [
    'bundle fixtures/runs/one-of-each saved/brokn',
    /got `saved\/brokn` \(did you mean `saved\/broken`\?\)/,
  ],
  ['report', /missing required argument 'directory'/],
  ['report /nonexistent', /run\.json, got no such file/],
]

test.for(mistakes)('`gauntlet %s` is rejected in one line, exit 2', async ([args, says]) => {
  const { exitCode, stdout, stderr } = await gauntlet(...args.split(' '))
  expect(stderr).toMatch(says)
  expect(stderr.split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(exitCode).toBe(exitCodes.usage)
})

test.each(Object.keys(commands) as CommandName[])(
  '`gauntlet %s --help` has its exit codes',
  async (command) => {
    const { exitCode, stdout } = await gauntlet(command, '--help')
    expect(stdout).toContain(`Usage: gauntlet ${command}`)
    // As the user would type them: neither JSON nor milliseconds.
    expect(stdout).not.toMatch(/default: [["]|<time>[^()]*\(default: \d+\)/)
    for (const [code, meaning] of exitCodesOf(command)) {
      expect(stdout).toContain(`  ${code}  ${meaning}`)
    }
    expect(exitCode).toBe(exitCodes.held)
  },
)

/** Nothing listens there. */
const closed = 'http://127.0.0.1:1'

test.each([
  `bench --endpoints ${closed}`,
  `verify --endpoints ${closed}`,
  'run quorum-loss/leader-killed',
  'up',
  'down',
  'images --etcd 3.5.16',
  'ps',
  'doctor',
  'clean',
])('`gauntlet %s` exits with 4 where neither an engine nor a cluster answers', async (words) => {
  const { exitCode } = await gauntlet(...words.split(' '))
  expect(exitCode).toBe(exitCodes.environment)
})

test('--version is the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(await gauntlet('--version')).toEqual({ exitCode: 0, stdout: version, stderr: '' })
})

test('check judges several files, says which cannot be read, and the worst decides', async () => {
  const write = (name: string, lines: object[]) => {
    const file = join(directory, name)
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return file
  }
  const header = { format: 'gauntlet-history/1', model: 'cas-register', initial: null }
  const written = [
    { type: 'invoke', process: 0, f: 'write', value: 1, timeNs: 1 },
    { type: 'ok', process: 0, f: 'write', value: 1, timeNs: 2 },
    { type: 'invoke', process: 0, f: 'read', timeNs: 3 },
  ]
  const read = (value: number) => ({ type: 'ok', process: 0, f: 'read', value, timeNs: 4 })
  const good = write('good.jsonl', [header, ...written, read(1)])
  const bad = write('bad.jsonl', [header, ...written, read(2)])
  const torn = write('torn.jsonl', [header, { type: 'perhaps' }])

  const allGood = await gauntlet('check', '--json', good)
  expect(JSON.parse(allGood.stdout)).toMatchObject({ file: good, verdict: 'valid', operations: 2 })
  expect(allGood.exitCode).toBe(exitCodes.held)

  const oneBad = await gauntlet('check', '--json', good, bad, torn)
  const verdicts = oneBad.stdout.split('\n').map((line) => JSON.parse(line).verdict)
  expect(verdicts).toEqual(['valid', 'invalid', 'unreadable'])
  expect(oneBad.exitCode).toBe(exitCodes.broken)

  const unreadable = await gauntlet('check', torn)
  expect(unreadable.stdout).toContain('torn.jsonl')
  expect(unreadable.exitCode).toBe(exitCodes.usage)
})
