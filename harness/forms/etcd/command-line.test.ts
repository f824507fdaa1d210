import { expect, test } from 'vitest'
import { readDeployment } from '../deployment/deployment.ts'

const read = (text: string) => readDeployment([{ path: 'start.sh', text }]).members
const settingsOf = (text: string) =>
  read(text).map(({ settings }) => settings.map(({ name, value }) => `${name}=${value}`))
const othersOf = (text: string) =>
  read(text).flatMap(({ notUnderstood }) =>
    notUnderstood.filter(({ setting }) => setting === 'etcd').map(({ line }) => line),
  )

const probed = `#!/bin/sh
if [ -d /data/member ]; then
  etcd --name "$NODE" --initial-cluster-state existing --data-dir /data &
  sleep 5
  kill $!
fi
exec etcd --name "$NODE" --initial-cluster-state new --data-dir /data
`

test('commands of one name are one member, of which the one that no `if` holds is read', () => {
  expect(settingsOf(probed)).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own text
    ['name=${NODE}', 'initial-cluster-state=new', 'data-dir=/data'],
  ])
  expect(othersOf(probed)).toEqual([3])
})

test('a member that a script starts once more, with the same name by a variable, is one', () => {
  const script = `NAME=a
etcd --name $NAME --initial-advertise-peer-urls http://10.0.0.1:2380 --pre-vote=false
etcd --name a --initial-advertise-peer-urls http://10.0.0.1:2380
`
  expect(settingsOf(script)).toEqual([
    ['name=a', 'initial-advertise-peer-urls=http://10.0.0.1:2380', 'pre-vote=false'],
  ])
  expect(othersOf(script)).toEqual([3])
})

test('members of one name with different peer URLs, and those without a name, stay several', () => {
  expect(
    settingsOf(`etcd --name a --initial-advertise-peer-urls http://10.0.0.1:2380
etcd --name a --initial-advertise-peer-urls http://10.0.0.2:2380
`),
  ).toHaveLength(2)
  expect(settingsOf('etcd --data-dir a\netcd --data-dir b\n')).toHaveLength(2)
})

test('each flag stands on its own line, also one whose name begins another', () => {
  const [member] = read(`etcd \\
  --initial-cluster-token t \\
  --initial-cluster "$CLUSTER" \\
  --log-level info
`)
  expect(member?.settings.map(({ line }) => line)).toEqual([2, 3, 4])
})

test('a container starts one member, whatever its script does before, and the rest is listed', () => {
  const text = `apiVersion: v1
kind: Pod
spec:
  containers:
    - command:
        - sh
        - -c
        - |
          if [ -n "$JOIN" ]; then
            exec etcd --name a --initial-cluster-state existing
          fi
          exec etcd --name a --pre-vote=false
`
  expect(settingsOf(text)).toEqual([['name=a', 'pre-vote=false']])
  expect(othersOf(text)).toEqual([10])
})

test('what another arm of an `if` sets of a variable that etcd gets is listed', () => {
  const script = `#!/bin/sh
if [ "$TLS" = 1 ]; then
  PROTOCOL=https
  FLAGS="--client-cert-auth --cert-file /c"
  UNUSED=a
else
  PROTOCOL=http
  FLAGS=
  UNUSED=b
fi
exec etcd --name a --listen-client-urls $PROTOCOL://0.0.0.0:2379 $FLAGS
`
  const [member] = read(script)
  expect(member?.notUnderstood).toEqual([
    expect.objectContaining({ setting: 'PROTOCOL', value: 'https', line: 3 }),
    expect.objectContaining({
      setting: 'FLAGS',
      value: '--client-cert-auth --cert-file /c',
      line: 4,
    }),
  ])
})

test('a variable that arms set alike, or that is set again, has one value', () => {
  const script = `if a; then
  A=1
  B=1
else
  A=1
  B=2
fi
B=3
etcd --name a$A$B
`
  expect(read(script)[0]?.notUnderstood).toEqual([])
})
