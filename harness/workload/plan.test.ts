import { expect, test } from 'vitest'
import { createRandom } from '../core/random.ts'
import type { PlannedOperation } from '../history/request.ts'
import { planOperations, writeOnceKeys } from './plan.ts'
import type { WorkloadSpec } from './workload.ts'

const spec: WorkloadSpec = {
  ratePerS: 100,
  keys: 5,
  valueBytes: 4,
  mix: { put: 1, get: 1 },
  timeoutMs: 100,
}

function planned(overrides: Partial<WorkloadSpec>, count: number, seed = 1): PlannedOperation[] {
  const place = { random: createRandom(seed), memberCount: 3 }
  const plan = planOperations({ ...spec, ...overrides }, place)
  return Array.from({ length: count }, () => plan.next())
}

test('the same seed plans the same operations, another seed different ones', () => {
  expect(planned({}, 100)).toEqual(planned({}, 100))
  expect(planned({}, 100)).not.toEqual(planned({}, 100, 2))
})

test('each kind comes at even distances, in proportion to its weight', () => {
  const kinds = planned({ mix: { put: 3, get: 1, delete: 0 } }, 400).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'get')).toHaveLength(100)
  const gets = kinds.flatMap((kind, index) => (kind === 'get' ? [index] : []))
  const distances = gets.slice(1).map((at, index) => at - (gets[index] ?? 0))
  expect(new Set(distances)).toEqual(new Set([4]))
})

test('each kind visits the members round robin, and kinds in turn visit different ones', () => {
  const operations = planned({}, 60)
  const at = (kind: string) =>
    operations.filter((each) => each.kind === kind).map(({ memberIndex }) => memberIndex)
  expect(at('put').slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2])
  expect(at('get').slice(0, 6)).toEqual([1, 2, 0, 1, 2, 0])
})

test('no value is planned twice, and values have the specified length', () => {
  const operations = planned({ mix: { put: 1, cas: 1 }, valueBytes: 20 }, 1_000)
  const values = operations.map(({ value }) => (Array.isArray(value) ? value[1] : value) as string)
  expect(new Set(values).size).toBe(1_000)
  expect(new Set(values.map(({ length }) => length))).toEqual(new Set([20]))
  expect(values[16]).toMatch(/^v17-\.+$/)
})

test('a compare-and-set expects the plan’s last value of its key', () => {
  const last = new Map<string, string>()
  for (const { kind, key, value } of planned({ mix: { put: 1, cas: 2, delete: 1 } }, 400)) {
    if (kind === 'delete') last.delete(key)
    if (kind === 'put') last.set(key, value as string)
    if (kind !== 'cas') continue
    const [old, fresh] = value as [string | null, string]
    expect(old).toBe(last.get(key) ?? null)
    last.set(key, fresh)
  }
})

test('keys are uniform, or by Zipf with the first most often', () => {
  const counts = (overrides: Partial<WorkloadSpec>) => {
    const drawn = planned(overrides, 10_000).map(({ key }) => key)
    return ['k0', 'k1', 'k2', 'k3', 'k4'].map((key) => drawn.filter((each) => each === key).length)
  }
  for (const count of counts({})) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  const zipf = counts({ zipf: 1 })
  expect(zipf[0]).toBeGreaterThan(4_000)
  expect(zipf).toEqual([...zipf].sort((a, b) => b - a))
})

test('a mix without weights is an error', () => {
  expect(() => planned({ mix: { put: 0 } }, 1)).toThrow(RangeError)
})

test('write-once keys are put first and once, then only read, linearizably and stale, at every member', () => {
  const mix = { put: 2, get: 3, cas: 1, delete: 1, 'serializable-get': 2 }
  const resting = planned({ mix }, 5_000).filter(({ key }) => writeOnceKeys.includes(key))
  const puts = resting.filter(({ kind }) => kind === 'put')
  expect(puts.map(({ key }) => key)).toEqual(writeOnceKeys)
  const reads = resting.filter(({ kind }) => kind !== 'put')
  const ways = reads.map(({ kind, key, memberIndex }) => `${kind} ${key} ${memberIndex}`)
  expect(new Set(ways).size).toBe(2 * writeOnceKeys.length * 3)
  expect(reads.length).toBeGreaterThan(150)
  expect(reads.length).toBeLessThan(450)
  expect(planned({ mix: { get: 1 } }, 100).some(({ key }) => writeOnceKeys.includes(key))).toBe(
    false,
  )
})

test('a quarter of the puts and deletes asks for the previous value', () => {
  const operations = planned({ mix: { put: 1, delete: 1, get: 1, cas: 1 } }, 4_000)
  const asking = operations.filter(({ prevKv }) => prevKv === true)
  expect(new Set(asking.map(({ kind }) => kind))).toEqual(new Set(['put', 'delete']))
  expect(asking.length).toBeGreaterThan(400)
  expect(asking.length).toBeLessThan(600)
})
