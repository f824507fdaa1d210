import { expect, test } from 'vitest'
import type { Attempt } from './attempts.ts'
import { measureLatency } from './latency.ts'
import { phasesOf } from './phases.ts'
import { measureService } from './service.ts'
import { timers } from './testing/timers.ts'

const ms = 1e6
const phases = phasesOf(
  [{ beginNs: 1_000 * ms, endNs: 2_000 * ms }],
  [{ kind: 'steady', timeNs: 0 }],
)

function attempt(dueMs: number, tookMs: number, more: Partial<Attempt> = {}): Attempt {
  const sentNs = dueMs * ms
  return {
    requestClass: 'write',
    kind: 'put',
    member: 'm1',
    outcome: 'ok',
    error: '',
    dueNs: sentNs,
    sentNs,
    endNs: sentNs + tookMs * ms,
    ...more,
  }
}

test('requests are counted by phase and class, of all clients and of those of each member', () => {
  const rows = measureService(
    [
      attempt(100, 4),
      attempt(110, 8, { member: 'm2' }),
      attempt(1_100, 1, { member: 'm2', outcome: 'fail' }),
      attempt(1_200, 1, { outcome: 'info' }),
      attempt(1_300, 2, { requestClass: 'serializable-read' }),
    ],
    phases,
  )
  const shown = rows.map(({ phase, of, member = 'all', requests, served, failed, unknown }) =>
    [phase, of, member, requests, served, failed, unknown].join(' '),
  )
  expect(shown).toEqual([
    'before writes all 2 2 0 0',
    'before writes m1 1 1 0 0',
    'before writes m2 1 1 0 0',
    'during writes all 2 0 1 1',
    'during writes m1 1 0 0 1',
    'during writes m2 1 0 1 0',
    'during serializable-reads all 1 1 0 0',
  ])
  expect(rows[0]).toMatchObject({ p50Ms: 4, p99Ms: 8 })
  expect(rows[3]).toMatchObject({ p50Ms: null, p99Ms: null })
})

test('a latency counts from when the request was due, and at least from when it was sent', () => {
  const late = attempt(100, 4, { dueNs: 90 * ms })
  expect(measureLatency({ attempts: [late], leaseAttempts: [], phases, timers })).toEqual({
    measures: { writeP50Ms: 14, writeP99Ms: 14, memberWriteP50Ms: 14, slowestKindP50Ms: 14 },
    bounds: {
      writeP50Ms: { least: 4, most: 14, why: 'this machine sent its requests late' },
      writeP99Ms: { least: 4, most: 14, why: 'this machine sent its requests late' },
      memberWriteP50Ms: { least: 4, most: 14, why: 'this machine sent its requests late' },
      slowestKindP50Ms: { least: 4, most: 14, why: 'this machine sent its requests late' },
    },
  })
})

test('on a busy machine a latency proves nothing, and one during a fault is not measured', () => {
  const late = attempt(300, 800, { dueNs: 100 * ms })
  const { bounds } = measureLatency({ attempts: [late], leaseAttempts: [], phases, timers })
  expect(bounds.writeP50Ms).toMatchObject({ least: 0, most: 1_000 })
  const during = measureLatency({
    attempts: [attempt(1_500, 9)],
    leaseAttempts: [],
    phases,
    timers,
  })
  expect(during).toEqual({ measures: {}, bounds: {} })
})

test('the slowest member is measured, also one that is slow only after its fault', () => {
  const windows = [{ name: 'kill', targets: ['m3'], beginNs: 1_000 * ms, endNs: 2_000 * ms }]
  const steady = phasesOf(windows as never, [
    { kind: 'steady', timeNs: 0 },
    { kind: 'steady', timeNs: 2_500 * ms },
  ])
  const of = (fromMs: number, took: Record<string, number>) =>
    Array.from({ length: 25 }, (_, index) =>
      Object.entries(took).map(([member, tookMs]) => attempt(fromMs + index, tookMs, { member })),
    ).flat()
  const measureOf = (...attempts: ReturnType<typeof of>[]) =>
    measureLatency({ attempts: attempts.flat(), leaseAttempts: [], phases: steady, timers })
      .measures.memberWriteP50Ms
  expect(measureOf(of(0, { m1: 3, m2: 4, m3: 5 }), of(3_000, { m1: 3, m2: 4, m3: 900 }))).toBe(900)
  const few = of(3_000, { m1: 3, m2: 4, m3: 900 }).slice(0, 30)
  expect(measureOf(of(0, { m1: 3, m2: 4, m3: 5 }), few)).toBe(5)
  expect(measureOf(of(0, { m1: 3, m2: 600, m3: 5 }), of(3_000, { m1: 3, m2: 600, m3: 5 }))).toBe(
    600,
  )
  expect(measureOf(of(0, { m1: 3, m2: 4, m3: 600 }))).toBe(600)
})

test('serializable reads have a median of their own, at the slowest member, too', () => {
  const reads = Array.from({ length: 75 }, (_, index) => {
    const member = `m${(index % 3) + 1}`
    const more = { member, requestClass: 'serializable-read' } as const
    return attempt(index, member === 'm2' ? 600 : 2, more)
  })
  expect(measureLatency({ attempts: reads, leaseAttempts: [], phases, timers }).measures).toEqual({
    serializableReadP50Ms: 2,
    memberSerializableReadP50Ms: 600,
    slowestKindP50Ms: 2,
  })
})

test('the slowest kind of request has a median of its own, where there are enough of it', () => {
  const slow = (count: number) =>
    Array.from({ length: 90 }, (_, index) =>
      index < count ? attempt(index, 800, { kind: 'delete' }) : attempt(index, 3),
    )
  const measuresOf = (count: number) =>
    measureLatency({ attempts: slow(count), leaseAttempts: [], phases, timers }).measures
  expect(measuresOf(25)).toMatchObject({
    writeP50Ms: 3,
    memberWriteP50Ms: 3,
    slowestKindP50Ms: 800,
  })
  expect(measuresOf(15)).toMatchObject({ slowestKindP50Ms: 3 })
})
