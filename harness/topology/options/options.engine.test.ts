import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import { everyFlag, flagAt } from './options.ts'

/** Behind it etcd prints its version and exits, once all flags are read. */
const readFlagsAlone = '--version'
const atOnce = 8

test('the running version accepts exactly the flags that the table gives it', async () => {
  const { version } = cluster.spec
  const [member] = cluster.members
  const refused: string[] = []
  const queue = [...everyFlag]
  const ask = async () => {
    for (let flag = queue.shift(); flag !== undefined; flag = queue.shift()) {
      const ran = await member?.exec(['etcd', `--${flag}=0`, readFlagsAlone])
      if (/flag provided but not defined/.test(`${ran?.stdout}${ran?.stderr}`)) refused.push(flag)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  const expected = everyFlag.filter((flag) => flagAt(version, flag) === undefined)
  expect(refused.toSorted()).toEqual(expected.toSorted())
})

test('a flag that no version has is refused', async () => {
  const ran = await cluster.members[0]?.exec(['etcd', '--no-such-flag=0', readFlagsAlone])
  expect(`${ran?.stdout}${ran?.stderr}`).toMatch(/flag provided but not defined/)
})
