import { expect, test } from 'vitest'
import type { Operation } from '../../history/operations.ts'
import { add, type Config } from './config.ts'
import { dominates } from './dominance.ts'
import type { TaskEffect } from './models/task.ts'
import { createOpen, openTask } from './open.ts'
import type { SlottedTask } from './steps.ts'

const operation = {} as Operation
const open = createOpen(1)
const [unknown, certain] = [Number.POSITIVE_INFINITY, 90]

const write2 = task(0, { id: 0, kind: 'write', to: 2 }, unknown)
const cas12 = task(1, { id: 1, kind: 'cas', from: 1, to: 2 }, unknown)
const cas13 = task(2, { id: 2, kind: 'cas', from: 1, to: 3 }, unknown)
const cas32 = task(3, { id: 3, kind: 'cas', from: 3, to: 2 }, unknown)
const sure2 = task(4, { id: 4, kind: 'write', to: 2 }, certain)
const late2 = task(5, { id: 5, kind: 'write', to: 2 }, unknown, 60)

function task(slot: number, effect: TaskEffect, returns: number, called = slot): SlottedTask {
  const made = { operation, slot, effect, returns, called }
  openTask(open, made)
  return made
}

function config(placed: readonly SlottedTask[], fields: Partial<Config> = {}): Config {
  const bits = [0, 0]
  for (const { slot } of placed) add(bits, 32 + slot)
  const base = { state: 1, writtenAt: 50, hasWritten: false, trail: undefined, isDominated: false }
  return { ...base, bits, ...fields }
}

test('a configuration that has placed less and owes no more dominates', () => {
  expect(dominates(config([]), config([cas12]), open)).toBe(true)
  expect(dominates(config([cas12]), config([]), open)).toBe(false)
  expect(dominates(config([], { bits: [1, 0] }), config([cas12]), open)).toBe(false)
})

test('another state, an earlier last write or a write just placed does not dominate', () => {
  expect(dominates(config([], { state: 3 }), config([]), open)).toBe(false)
  expect(dominates(config([], { writtenAt: 40 }), config([]), open)).toBe(false)
  expect(dominates(config([], { hasWritten: true }), config([]), open)).toBe(false)
})

test('a spare unknown write stands in for a cas to its value, and not the reverse', () => {
  expect(dominates(config([cas12]), config([write2]), open)).toBe(true)
  expect(dominates(config([write2]), config([cas12]), open)).toBe(false)
})

test('a spare chain of cas stands in for the cas over its whole length', () => {
  expect(dominates(config([cas12]), config([cas13, cas32]), open)).toBe(true)
  expect(dominates(config([cas12]), config([cas13]), open)).toBe(false)
  expect(dominates(config([cas13, cas32]), config([cas12]), open)).toBe(false)
})

test('one spare operation stands in once', () => {
  expect(dominates(config([cas12, cas32]), config([write2]), open)).toBe(false)
  expect(dominates(config([cas12, cas32]), config([write2, cas13]), open)).toBe(false)
})

test('an operation that returns, or was invoked after the last write, cannot stand in', () => {
  expect(dominates(config([cas12]), config([sure2]), open)).toBe(false)
  expect(dominates(config([cas12]), config([sure2, cas32]), open)).toBe(false)
  expect(dominates(config([cas12]), config([late2]), open)).toBe(false)
  expect(dominates(config([sure2]), config([write2]), open)).toBe(true)
})
