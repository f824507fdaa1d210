import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CheckInput } from '../../checkers/checker.ts'
import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { readHistoryFile } from '../../history/codec.ts'
import { operations } from '../../history/join.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { shrinkInput } from './shrink-input.ts'

const saved = (name: string) =>
  readHistoryFile(join(import.meta.dirname, '../../../fixtures/histories', name))

const forever = Number.POSITIVE_INFINITY

/** Reads of the same key by others, before, beside and after the violation. */
function withReads(events: readonly HistoryEvent[], count: number): HistoryEvent[] {
  const noise = Array.from({ length: count }, (_, at): HistoryEvent[] => [
    { type: 'invoke', process: 100 + at, f: 'get', key: 'other', timeNs: 0 },
    { type: 'ok', process: 100 + at, f: 'get', key: 'other', value: null, timeNs: 0 },
  ]).flat()
  return [
    ...noise,
    ...events,
    ...noise.map((event) => ({ ...event, process: 5_000 }) as HistoryEvent),
  ]
}

test('what is left shows the same violation, and no operation of it can go', async () => {
  const { header, events } = await saved('etcd-invalid-stale-read.jsonl')
  const history = { header, events: withReads(events, 100) }
  const { code } = judgeHistory(history)
  const shows = (input: CheckInput) => {
    const verdict = judgeHistory(input.history)
    return verdict.verdict === 'invalid' && verdict.code === code
  }
  expect(shows({ history })).toBe(true)
  const small = shrinkInput({ history }, shows, forever)
  expect(shows(small)).toBe(true)
  const left = operations(small.history)
  expect(left.length).toBeLessThanOrEqual(operations({ events }).length)
  expect(left.filter(({ invoke }) => invoke.key === 'other')).toEqual([])
})

test('a valid history does not become invalid by what is taken away', async () => {
  const { header, events } = await saved('etcd-valid-unknown-put-explains-gap.jsonl')
  const history = { header, events: withReads(events, 10) }
  const seen: string[] = []
  shrinkInput(
    { history },
    (input: CheckInput) => {
      seen.push(judgeHistory(input.history).verdict)
      return input.history.events.length % 3 === 0
    },
    forever,
  )
  expect(seen.length).toBeGreaterThan(5)
  expect(seen).not.toContain('invalid')
})

test('when the time is over, the input stays as it is', async () => {
  const history = await saved('etcd-invalid-stale-read.jsonl')
  expect(shrinkInput({ history }, () => true, 0).history.events).toEqual(history.events)
})
