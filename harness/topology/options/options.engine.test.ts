import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import { everyFlag, everyYamlKey, flagAt, yamlTypeAt } from './options.ts'

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

/** No type of a key is read from it, so that etcd exits for a key that it knows. */
const wrongForAll = '[[1]]'
/** etcd exits for it as well, but later. */
const nowhere = 'data-dir: /proc/gauntlet/none'
const maps = ['client-transport-security', 'peer-transport-security']

/** Keys that stand in the maps alone. */
const isInMaps = (key: string) =>
  /^(allowed-|auto-tls|ca-file|cert-file|client-cert|client-key|key-file|trusted-ca|skip-)/.test(
    key,
  )

test('the running version reads exactly the keys of a file that the table gives it', async () => {
  const { version } = cluster.spec
  const [member] = cluster.members
  const places = everyYamlKey.flatMap((key): { key: string; map?: string }[] =>
    isInMaps(key) ? maps.map((map) => ({ key, map })) : [{ key }],
  )
  const pathOf = (index: number) => `/tmp/key-${index}.yaml`
  await member?.copyIn(
    places.map(({ key, map }, index) => {
      const line = map === undefined ? `${key}: ${wrongForAll}` : `${map}: {${key}: ${wrongForAll}}`
      const rest = key === 'data-dir' ? '' : `${nowhere}\n`
      return { path: pathOf(index), content: `${line}\n${rest}`, mode: 0o644 }
    }),
  )
  const known = new Set<string>()
  const queue = places.map((place, index) => ({ ...place, index }))
  const ask = async () => {
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      const ran = await member?.exec(['etcd', `--config-file=${pathOf(place.index)}`])
      if (/cannot unmarshal/.test(`${ran?.stdout}${ran?.stderr}`)) known.add(place.key)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  const expected = everyYamlKey.filter((key) => yamlTypeAt(version, key) !== undefined)
  expect([...known].toSorted()).toEqual(expected.toSorted())
})
