import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../core/random.ts'
import { foreignFormatNames } from '../../history/formats/names.ts'
import { foreignFormats, recognizeFormat } from '../../history/formats/registry.ts'
import { writers } from '../../history/formats/testing/write-formats.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { mutateRegister, mutations } from '../testing/register-mutator.ts'
import { simulateRegisters } from '../testing/register-simulator.ts'
import { judgeHistory } from './judge-history.ts'

const seed = 16_171
const runs = 400

/** A small history that happened, with a lie in it most of the time. */
function draw(model: 'cas-register' | 'kv', random: Random): History {
  const history = simulateRegisters(
    {
      model,
      operations: random.int(1, 25),
      processes: random.int(1, 5),
      keys: random.int(0, 3),
      values: random.int(0, 3),
      unknown: random.pick([0, 0.1]),
      failed: random.pick([0, 0.1]),
    },
    random,
  )
  if (random.float() < 0.2) return history
  return mutateRegister(history, random.pick(mutations), random) ?? history
}

/** Jepsen writes a cas that found another value as `fail`, which asserts nothing. */
function withoutRefusals({ header, events }: History): History {
  const failed = (event: HistoryEvent): HistoryEvent =>
    event.type === 'ok' && event.applied === false ? { ...event, type: 'fail' } : event
  return { header, events: events.map(failed) }
}

/** Something happened, and no mutation has left out what a read answers. */
const isWhole = ({ events }: History) =>
  events.some(({ type }) => type === 'ok') &&
  events.every(({ type, f, value }: HistoryEvent & { f?: unknown; value?: unknown }) => {
    return type !== 'ok' || (f !== 'read' && f !== 'get') || value !== undefined
  })

test('every format that has a name has a reader, in the order of the names', () => {
  expect(foreignFormats.map(({ name }) => name)).toEqual(Object.keys(foreignFormatNames))
})

test.each([
  ['jepsen-edn', 'cas-register'],
  ['jepsen-json', 'cas-register'],
  ['jepsen-log', 'cas-register'],
  ['porcupine-json', 'cas-register'],
  ['porcupine-json', 'kv'],
] as const)('%s of a %s history has the verdict of the history itself', (name, model) => {
  const format = foreignFormats.find((each) => each.name === name)
  const counts = { valid: 0, invalid: 0, unknown: 0 }
  console.log(`fast-check seed ${seed}, ${runs} histories`)
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (drawn) => {
      const random = createRandom(drawn)
      const original = draw(model, random)
      fc.pre(isWhole(original))
      const history = name === 'porcupine-json' ? original : withoutRefusals(original)
      const text = writers[name](history)
      expect(recognizeFormat(text.slice(0, 2 ** 16))).toBe(format)
      const read = format?.read(text, 'file')
      const expected = judgeHistory(history)
      const { verdict, evidence } = judgeHistory(read?.history ?? history)
      counts[verdict]++
      expect(verdict, text).toBe(expected.verdict)
      const line = read?.places[evidence?.culprit ?? -1]?.line
      if (name !== 'porcupine-json' && verdict === 'invalid') {
        expect(line).toBe((expected.evidence?.culprit ?? -1) + 1)
      }
    }),
    { seed, numRuns: runs },
  )
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(runs / 10)
})
