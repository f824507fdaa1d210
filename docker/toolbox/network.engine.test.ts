import { expect, test } from 'vitest'
import { cluster } from '../../harness/cluster/testing/shared-cluster.ts'
import { at } from '../../harness/faults/testing/setup.ts'
import { toolboxProgram } from '../../harness/faults/toolbox.ts'

const chain = 'GAUNTLET-suite'
const drop = '-s 127.9.9.9 -j DROP'

test('rules are in a chain of their own, and removing them twice leaves none', async () => {
  await expectExit(0, 'add-rules.sh', 'filter', 'INPUT', chain, drop, '-s 127.9.9.8 -j DROP')
  const rules = await shell('iptables -w -S')
  expect(rules).toContain(`-A INPUT -j ${chain}`)
  expect(rules).toContain(`-A ${chain} -s 127.9.9.9/32 -j DROP`)
  expect(rules).toContain(`-A ${chain} -s 127.9.9.8/32 -j DROP`)
  await expectExit(0, 'remove-rules.sh', 'filter', 'INPUT', chain)
  await expectExit(0, 'remove-rules.sh', 'filter', 'INPUT', chain)
  expect(await shell('iptables -w -S')).not.toContain(chain)
})

test('rules that iptables does not know are reported, and those of two faults stay apart', async () => {
  const { stderr } = await expectExit(2, 'add-rules.sh', 'filter', 'INPUT', chain, '-j NOWHERE')
  expect(stderr).toContain('NOWHERE')
  await expectExit(0, 'add-rules.sh', 'filter', 'INPUT', `${chain}-2`, drop)
  await expectExit(0, 'remove-rules.sh', 'filter', 'INPUT', chain)
  expect(await shell('iptables -w -S')).toContain(`-A ${chain}-2 -s 127.9.9.9/32 -j DROP`)
  await expectExit(0, 'remove-rules.sh', 'filter', 'INPUT', `${chain}-2`)
})

test('traffic is shaped by a class, and only its own handle removes it', async () => {
  await expectExit(0, 'shape-traffic.sh', 'lo', '7f0', '800000bit', '3200')
  expect(await shell('tc class show dev lo')).toMatch(/htb 7f0:10 root .*rate 800Kbit/)
  await expectExit(0, 'unshape-traffic.sh', 'lo', '7f1')
  expect(await shell('tc qdisc show dev lo')).toContain('7f0:')
  await expectExit(2, 'shape-traffic.sh', 'lo', '7f2', '800000bit', '3200')
  await expectExit(0, 'unshape-traffic.sh', 'lo', '7f0')
  expect(await shell('tc qdisc show dev lo')).not.toContain('htb')
})

test('a program in the background is ended by its token', async () => {
  const plan = JSON.stringify({ mark: 1, delayS: 0.1, jitterS: 0, peers: {} })
  const { stdout } = await expectExit(0, 'delay-proxy.py', chain, plan)
  expect(await shell('ss -tlnH')).toContain(`:${Number(stdout)} `)
  await expectExit(0, 'end-programs.sh', chain)
  expect(await shell('ss -tlnH')).not.toContain(`:${Number(stdout)} `)
})

test('a closed port is named by its error, bytes that never come by what was expected', async () => {
  expect((await expectExit(0, 'round-trip.py', '127.0.0.1', '9')).stdout.trim()).toBe(
    'ConnectionRefusedError',
  )
  const nothing = ['receive-bytes.py', '9991', '10', '--timeout-s', '0.1'] as const
  expect((await expectExit(1, ...nothing)).stderr).toContain('expected 10 bytes within 0.1 s')
  const nowhere = ['send-bytes.py', '127.0.0.1', '9', '10', '--timeout-s', '0.1'] as const
  expect((await expectExit(1, ...nowhere)).stderr).toContain('expected 127.0.0.1:9 to be open')
})

test.each([
  ['add-rules.sh', ['filter', 'INPUT', chain], /usage: add-rules.sh TABLE HOOK CHAIN RULE/],
  ['remove-rules.sh', ['filter'], /usage: remove-rules.sh TABLE HOOK CHAIN/],
  ['shape-traffic.sh', ['lo'], /usage: shape-traffic.sh DEVICE HANDLE RATE BURST/],
  ['unshape-traffic.sh', [], /usage: unshape-traffic.sh DEVICE HANDLE/],
  ['end-programs.sh', [], /usage: end-programs.sh TOKEN/],
  ['delay-proxy.py', [chain, '{"mark": 1}'], /expected a plan with delayS, jitterS, peers/],
  ['delay-proxy.py', [chain, 'no JSON'], /expected a plan in JSON/],
  ['count-datagrams.py', ['x', '/tmp/n'], /invalid int value: 'x'/],
  ['send-datagrams.py', ['127.0.0.1'], /required: port, count/],
  ['round-trip.py', ['127.0.0.1'], /required: port/],
  ['receive-bytes.py', ['9991'], /required: bytes/],
  ['send-bytes.py', ['127.0.0.1', '9'], /required: bytes/],
])('%s rejects %j with its usage', async (program, args, complaint) => {
  const { stderr } = await expectExit(2, program, ...args)
  expect(stderr).toMatch(complaint)
  expect(stderr).toContain('usage: ')
})

async function expectExit(exitCode: number, program: string, ...args: readonly string[]) {
  const ran = await at(cluster.members, 0).inNetwork(toolboxProgram(program, ...args))
  expect(ran, `${program} ${args.join(' ')}`).toMatchObject({ exitCode })
  return ran
}

async function shell(command: string): Promise<string> {
  return (await at(cluster.members, 0).inNetwork(['sh', '-c', command])).stdout
}
