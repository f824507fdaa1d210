import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  DeadlineError,
  EnvironmentError,
  type ExitCode,
  exitCodes,
  GuaranteeBrokenError,
  InputError,
} from '../../core/errors.ts'
import { endWith } from './end.ts'

let lines: string[] = []
beforeEach(() => {
  lines = []
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

const broken = new GuaranteeBrokenError('a write is lost', { expectation: 'durability' })
const late = new DeadlineError('no leader within 9 s')
const defect = new TypeError('x is undefined')

const endings: readonly (readonly [what: string, thrown: unknown, code: ExitCode])[] = [
  ['a broken guarantee', broken, exitCodes.broken],
  ['bad input', new InputError('Expected a file, got none'), exitCodes.usage],
  ['a missing engine', new EnvironmentError('Expected an engine'), exitCodes.environment],
  ['a deadline', late, exitCodes.inconclusive],
  ['a defect of ours', defect, exitCodes.inconclusive],
  ['what is no error', 'oops', exitCodes.inconclusive],
  ['a broken guarantee below a defect', new SuppressedError(defect, broken), exitCodes.broken],
  ['a deadline below a defect', new SuppressedError(defect, late), exitCodes.inconclusive],
  ['several defects', new AggregateError([defect, defect]), exitCodes.inconclusive],
]

test.each(endings)('%s has its exit code, and only a broken guarantee has 1', (_, thrown, code) => {
  endWith(thrown)
  expect(process.exitCode).toBe(code)
  expect(lines).toHaveLength(1)
})

test('several errors are one line, a defect shows its stack', () => {
  endWith(new SuppressedError(new InputError('the volume stays'), late))
  expect(lines).toEqual(['gauntlet: no leader within 9 s; the volume stays\n'])
  endWith(new AggregateError([defect], 'all failed'))
  expect(lines[1]).toMatch(/a defect of gauntlet itself.*x is undefined\n +at /)
})
