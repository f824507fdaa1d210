import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isLeftover, isOurs, isRunId, labelsOf, ownerLabel, runLabel } from './labels.ts'
import { currentOwner, formatOwner, isAlive, parseOwner } from './owner.ts'

test('this process is alive, and its owner label reads back as it was written', () => {
  const owner = currentOwner()
  expect(parseOwner(formatOwner(owner))).toEqual(owner)
  expect(isAlive(owner)).toBe(true)
})

test('a later process with the same id is not the owner', () => {
  expect(isAlive({ ...currentOwner(), started: '1' })).toBe(false)
})

test('a process that was killed is not alive', async () => {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive({ ...currentOwner(), pid })).toBe(false)
})

test('an owner from before the last boot is gone; one out of sight counts as alive', () => {
  const gone = { ...currentOwner(), pid: 2 ** 22, started: '1' }
  expect(isAlive({ ...gone, boot: 'before' })).toBe(false)
  expect(isAlive({ ...gone, namespace: '7' })).toBe(true)
  expect(isAlive({ ...gone, host: 'elsewhere' })).toBe(true)
})

test('what a live process owns, or what is kept on purpose, is no leftover', () => {
  const dead = formatOwner({ ...currentOwner(), started: '1' })
  expect(isLeftover(labelsOf({ runId: 'r' }, 'member'))).toBe(false)
  expect(isLeftover({ ...labelsOf({ runId: 'r' }, 'member'), [ownerLabel]: dead })).toBe(true)
  const kept = labelsOf({ runId: 'r', keep: true }, 'member')
  expect(isLeftover({ ...kept, [ownerLabel]: dead })).toBe(false)
})

test('a container without both labels in our form is neither ours nor a leftover', () => {
  const dead = formatOwner({ ...currentOwner(), started: '1' })
  const foreign = [
    {},
    { [ownerLabel]: dead },
    { [runLabel]: 'r' },
    { [runLabel]: 'r', [ownerLabel]: 'someone' },
    { [runLabel]: '../../home', [ownerLabel]: dead },
    { [runLabel]: '', [ownerLabel]: dead },
  ]
  for (const labels of foreign) {
    expect([isOurs(labels), isLeftover(labels)], JSON.stringify(labels)).toEqual([false, false])
  }
  expect(isLeftover({ [runLabel]: 'r', [ownerLabel]: dead })).toBe(true)
})

test("a run's id is a plain file name, and nothing is started under another", () => {
  expect(isRunId('20260131T114502Z-3f9a1c')).toBe(true)
  for (const id of ['', '.', '..', '../x', 'a/b', '.hidden', 'a b', 'a\\b', 'x'.repeat(200)]) {
    expect(isRunId(id), id).toBe(false)
    expect(() => labelsOf({ runId: id }, 'member'), id).toThrow('to be a plain file name')
  }
})
