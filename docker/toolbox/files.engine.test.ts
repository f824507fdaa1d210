import { beforeAll, expect, test } from 'vitest'
import { cluster } from '../../harness/cluster/testing/shared-cluster.ts'
import { at, put } from '../../harness/faults/testing/setup.ts'

/** A copy of the data of a real member, in a container that is gone after the program. */
const copy = '/tmp/volume/data'
const keys = ['alpha', 'beta', 'gamma']

beforeAll(async () => {
  for (const key of keys) await put(cluster, at(cluster.members, 0), key, `value of ${key}`)
  await at(cluster.members, 0).stop()
})

test('a write-ahead log is cut within its last record, and the digests say so', async () => {
  const { exitCode, stdout, damage } = await runOnCopy('truncate-wal.py', copy, '1')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^\S+\.wal cut at \d+, within record (\d+) of \1\n/)
  expect(damage).toMatchObject({ path: expect.stringMatching(/^data\/member\/wal\/\S+\.wal$/) })
  expect(damage?.after).not.toBe(damage?.before)
})

test('one bit of a write-ahead log is flipped, the same one for the same seed', async () => {
  const [one, same, other] = [
    await runOnCopy('flip-wal-bit.py', copy, '3'),
    await runOnCopy('flip-wal-bit.py', copy, '3'),
    await runOnCopy('flip-wal-bit.py', copy, '4'),
  ]
  expect(one.stdout).toMatch(/^\S+\.wal: bit [0-7] of byte \d+ flipped\n/)
  expect(same.damage?.after).toBe(one.damage?.after)
  expect(other.damage?.after).not.toBe(one.damage?.after)
  expect(one.damage?.after).not.toBe(one.damage?.before)
})

test('a bit is flipped in the latest values of as many keys as there are', async () => {
  const { stdout, damage } = await runOnCopy('flip-value-bits.py', copy, '9', '5')
  const found = stdout.split('\n')[0]?.replace('a bit of the value of ', '').split(', ')
  expect(found?.sort()).toEqual(keys)
  expect(damage).toMatchObject({ path: 'data/member/snap/db' })
  expect(damage?.after).not.toBe(damage?.before)
})

test('a value is replaced in the database by one of the same length', async () => {
  const old = 'value of alpha'
  const { stdout, damage } = await runOnCopy('replace-value.py', copy, old, 'VALUE OF ALPHA')
  expect(stdout).toMatch(/^[1-9]\d* places of value of alpha replaced\n/)
  expect(damage?.after).not.toBe(damage?.before)
})

test('a wiped data directory is gone, with nothing else of its volume', async () => {
  const { damage, volume } = await runOnCopy('wipe-data.py', copy)
  expect(damage).toMatchObject({ path: 'data', after: 'missing' })
  expect(volume).toEqual(['gauntlet-damage.json'])
})

test('a data directory is rolled back to the copy that was kept', async () => {
  const grow = `echo more >>${copy}/member/snap/db`
  const { stdout, damage, volume } = await runOnCopy('roll-back-data.py', copy).then((without) => {
    expect(without).toMatchObject({ exitCode: 1, damage: undefined })
    expect(without.stderr).toContain('run keep-copy.py before')
    return runAfter(`python3 /usr/lib/gauntlet/keep-copy.py ${copy} && ${grow}`)
  })
  expect(stdout).toContain('an older copy')
  expect(damage?.after).not.toBe(damage?.before)
  expect(volume).toEqual(['data', 'gauntlet-damage.json'])
})

test('a volume is filled to its last kibibyte', async () => {
  const member = at(cluster.members, 0)
  // Two preallocated logs and a database: with room for one, etcd ends when it makes the second.
  await member.recreate({ dataVolumeBytes: 160 * 2 ** 20 })
  await member.stop()
  const argv = ['python3', '/usr/lib/gauntlet/fill-volume.py', member.dataDirectory]
  const options = { toolbox: true, dataOf: member.name }
  expect(Number((await cluster.tool(argv, options)).stdout)).toBeLessThanOrEqual(4)
  const write = ['sh', '-c', `dd if=/dev/zero of=${member.dataDirectory}/more bs=64k count=1`]
  expect((await cluster.tool(write, options)).stderr).toContain('No space left')
})

test.each([
  ['truncate-wal.py', [copy], /required: records/],
  ['truncate-wal.py', [copy, '0'], /expected at least 1 record, got 0/],
  ['truncate-wal.py', ['/tmp', '1'], /expected a write-ahead log in \/tmp\/member\/wal/],
  ['flip-wal-bit.py', [copy, 'x'], /invalid int value: 'x'/],
  ['flip-wal-bit.py', ['/tmp', '1'], /expected a write-ahead log in \/tmp\/member\/wal/],
  ['flip-value-bits.py', [copy, '0', '1'], /expected at least 1 value, got 0/],
  ['flip-value-bits.py', ['/tmp', '1', '1'], /expected a database at/],
  ['replace-value.py', [copy, 'a', 'bc'], /expected texts of one length, got 1 and 2 bytes/],
  ['replace-value.py', [copy, 'no such value', 'no such text!'], /found it nowhere/],
  ['wipe-data.py', ['/usr'], /expected a data directory of etcd, found none at \/usr/],
  ['keep-copy.py', ['/usr'], /expected a data directory of etcd, found none at \/usr/],
  ['fill-volume.py', ['/usr'], /expected a database at/],
])('%s rejects %j and changes nothing', async (program, args, complaint) => {
  const { exitCode, stderr, damage } = await runOnCopy(program, ...args)
  expect(exitCode).toBeGreaterThan(0)
  expect(stderr).toMatch(complaint)
  expect(damage).toBeUndefined()
})

test('a log or a database that is none is reported, not read to a wrong end', async () => {
  const db = `${copy}/member/snap/db`
  const garbage = await runShell(`head -c 9000 /dev/zero >${db}; ${flip}`)
  expect(garbage.stderr).toContain('expected a bbolt database, found no meta page')
  const empty = await runShell(`: >${db}; ${flip}`)
  expect(empty.stderr).toContain('expected a bbolt database, found no meta page')
  const logs = `for log in ${copy}/member/wal/*.wal; do head -c 9000 /dev/zero >$log; done`
  const cut = `python3 /usr/lib/gauntlet/truncate-wal.py ${copy} 1`
  const zeros = await runShell(`${logs}; ${cut}`)
  expect(zeros.stderr).toContain('expected a log with more than 4 records')
})

const flip = `python3 /usr/lib/gauntlet/flip-value-bits.py ${copy} 1 1`

const runAfter = (preparation: string) =>
  runShell(`${preparation} && python3 /usr/lib/gauntlet/roll-back-data.py ${copy}`)

const runOnCopy = (program: string, ...args: readonly string[]) =>
  runShell(['python3', `/usr/lib/gauntlet/${program}`, ...args.map(quote)].join(' '))

const quote = (text: string) => `'${text}'`

interface Damage {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** With what it did to the copy, if it did: the record of the damage and what the volume holds. */
async function runShell(command: string) {
  const { dataDirectory } = at(cluster.members, 0)
  const script = `mkdir -p /tmp/volume && cp -a ${dataDirectory} ${copy}
    (${command}) >/tmp/stdout; code=$?
    cat /tmp/stdout; echo; ls /tmp/volume | tr '\\n' ' '; echo
    cat /tmp/volume/gauntlet-damage.json 2>/dev/null || echo null; exit $code`
  const options = { toolbox: true, dataOf: 'm1' }
  const { exitCode, stdout, stderr } = await cluster.tool(['sh', '-c', script], options)
  const [volume = '', damage = 'null'] = stdout.trim().split('\n').slice(-2)
  return {
    exitCode,
    stdout,
    stderr,
    volume: volume.trim().split(' '),
    damage: (JSON.parse(damage) ?? undefined) as Damage | undefined,
  }
}
