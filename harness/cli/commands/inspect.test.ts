import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'

const main = join(import.meta.dirname, '../main.ts')

const environment = `ETCD_NAME=m1
ETCD_ELECTION_TIMEOUT=5000
ETCD_ENABLE_V2=true
ETCD_DATA_DIR=/var/lib/etcd
ETCD_LISTEN_CLIENT_URLS=http://10.0.0.1:2379
ETCD_ADVERTISE_CLIENT_URLS=http://10.0.0.1:2379
ETCD_ELECTON_TIMEOUT=1
ETCD_ROOT_PASSWORD=hunter2
`

const text = expect.any(String)
const line = expect.any(Number)

/** Programs of others read it: a field may be added, and none may go or be another type. */
test('inspect --json has the fields of its contract', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-inspect-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'etcd.env')
  writeFileSync(file, environment)
  const order = [main, 'inspect', file, '--to', '3.7.1', '--json']
  const { stdout, exitCode, stderr } = await execa(process.execPath, order, { reject: false })
  expect([exitCode, stderr]).toEqual([exitCodes.broken, ''])
  const { form, members, understood, changed, notUnderstood, upgrade, upgradeReadFrom } =
    JSON.parse(stdout)
  expect([form, members, upgradeReadFrom]).toEqual([text, 1, '3.7.1'])
  expect(understood).toContainEqual({ setting: 'election-timeout', value: '5000', file, line: 2 })
  expect(changed).not.toEqual([])
  for (const row of changed) {
    expect(row).toMatchObject({ setting: text, from: text, to: text, why: text, line })
  }
  expect(notUnderstood).toEqual([
    expect.objectContaining({ value: '1', line: 7, nearest: expect.stringMatching(/election/i) }),
    expect.objectContaining({ setting: 'ETCD_ROOT_PASSWORD', value: '(hidden)', line: 8 }),
  ])
  const effects = upgrade.map(({ effect }: { effect: string }) => effect)
  const allEffects = ['kept', 'renamed', 'default-changed', 'ignored', 'ends-etcd']
  expect(allEffects).toEqual(expect.arrayContaining(effects))
  expect(effects).toContain('kept')
  for (const row of upgrade) expect(row).toMatchObject({ setting: text, becomes: text })
})

test('inspect says which version stands for one that no table has', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-inspect-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'etcd.env')
  writeFileSync(file, environment)
  const titles = ['3.7.1', 'v3.7.1', '4.0.0', '2.3.7', '3.6.14-eks'].map(async (to) => {
    const order = [main, 'inspect', file, '--to', to]
    const { stdout } = await execa(process.execPath, order, { reject: false })
    return /^With (.*), beside/m.exec(stdout)?.[1]
  })
  expect(await Promise.all(titles)).toEqual([
    'etcd 3.7.1',
    'etcd 3.7.1',
    'etcd 3.7.1, which stands for 4.0.0 in the tables of options',
    'etcd 3.3.25, which stands for 2.3.7 in the tables of options',
    'etcd 3.6.14-eks',
  ])
})
