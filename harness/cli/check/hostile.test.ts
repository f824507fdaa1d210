import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'
import { checkDirectory } from './directory.ts'
import { checkFile } from './file.ts'

const oneOfEach = join(import.meta.dirname, '../../../fixtures/runs/one-of-each')
const saved = 'scenarios/saved'
const gibibyte = 2 ** 30

/** A folder with a copy of a run in it, and beside that a file that no check may touch. */
let folder = ''
let outside = ''
const inRun = (path: string) => join(folder, 'run', path)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-hostile-'))
  outside = join(folder, 'x')
  writeFileSync(outside, 'nothing reads or writes this')
  chmodSync(outside, 0o600)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function expectOutsideUntouched() {
  expect(readFileSync(outside, 'utf8')).toBe('nothing reads or writes this')
  expect(readdirSync(folder).sort()).toEqual(['run', 'x'])
}

const replace = (file: string, from: string, to: string) =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))

async function check(directory: string) {
  const checked: CheckedScenario[] = []
  const exitCode = await checkDirectory(
    directory,
    (each) => checked.push(each),
    () => {},
  )
  return { exitCode, reason: checked[0]?.reason ?? '', outcome: checked[0]?.outcome }
}

test.each([
  [
    'a label that leads out of the run',
    () => replace(inRun('run.json'), `${saved}/held`, '../../x'),
    'to be a path inside the run directory, got "../../x"',
  ],
  [
    'a record cut in the middle',
    () => truncateSync(inRun('run.json'), 700),
    'run.json to be JSON, got: Expected property name',
  ],
  [
    'a record of gigabytes',
    () => truncateSync(inRun('run.json'), 3 * gibibyte),
    'got a file of 3221225472 bytes, more than ',
  ],
  [
    'a record of an unknown version',
    () => replace(inRun('run.json'), 'gauntlet-run/1', 'gauntlet-run/99'),
    'got "gauntlet-run/99", written by another version of gauntlet',
  ],
  [
    'a record that is a link out',
    () => {
      rmSync(inRun('run.json'))
      symlinkSync(outside, inRun('run.json'))
    },
    'run.json to be a file, got a link or a device',
  ],
  [
    'a record that is a pipe',
    () => {
      rmSync(inRun('run.json'))
      execFileSync('mkfifo', [inRun('run.json')])
    },
    'run.json to be a file, got a link or a device',
  ],
])('a run with %s is unreadable, in one line', async (_, harm, reason) => {
  mkdirSync(inRun(''), { recursive: true })
  cpSync(join(oneOfEach, 'run.json'), inRun('run.json'))
  harm()
  const found = await check(inRun(''))
  expect(found).toMatchObject({ exitCode: exitCodes.usage, outcome: 'unreadable' })
  expect(found.reason).toContain(reason)
  expect(found.reason).not.toContain('\n')
  expectOutsideUntouched()
})

const history = () => inRun('history.jsonl')

test.each([
  [
    'a history of an unknown version',
    () => replace(history(), 'gauntlet-history/1', 'gauntlet-history/9'),
    'history.jsonl:1: Expected `format` of the header to be "gauntlet-history/1"',
  ],
  [
    'a gigabyte in one line of its history',
    () => truncateSync(history(), gibibyte),
    'history.jsonl:',
  ],
  [
    'a gigabyte in one line of a log',
    () => truncateSync(inRun('members/m1.log'), gibibyte),
    'members/m1.log:',
  ],
  [
    'a history that is a link out',
    () => {
      rmSync(history())
      symlinkSync(outside, history())
    },
    'history.jsonl to be a file, got a link or a device',
  ],
  [
    'a history that is a pipe',
    () => {
      rmSync(history())
      execFileSync('mkfifo', [history()])
    },
    'history.jsonl to be a file, got a link or a device',
  ],
])('a scenario with %s is unreadable, in one line', async (_, harm, reason) => {
  cpSync(join(oneOfEach, saved, 'held'), inRun(''), { recursive: true })
  harm()
  const found = await check(inRun(''))
  expect(found).toMatchObject({ exitCode: exitCodes.usage, outcome: 'unreadable' })
  expect(found.reason).toContain(reason)
  expect(found.reason).not.toContain('\n')
  expectOutsideUntouched()
})

test('the history of another run never passes for the one that was judged', async () => {
  cpSync(join(oneOfEach, saved, 'held'), inRun(''), { recursive: true })
  cpSync(join(oneOfEach, saved, 'chaos', 'history.jsonl'), history())
  expect((await check(inRun(''))).exitCode).not.toBe(exitCodes.held)
  expectOutsideUntouched()
})

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path]), {}, 'got a directory, a pipe or a'],
  [
    'a pipe in a given format',
    (path: string) => execFileSync('mkfifo', [path]),
    { format: 'gauntlet-history/1' },
    'got a directory, a pipe or a device',
  ],
  [
    'a gigabyte in one line',
    (path: string) => {
      writeFileSync(path, '{"format":"gauntlet-history/1","model":"etcd"}\n')
      truncateSync(path, gibibyte)
    },
    {},
    ':2: Expected lines under 16 MiB, got a longer one',
  ],
  [
    'a gigabyte of zeros',
    (path: string) => {
      writeFileSync(path, '')
      truncateSync(path, gibibyte)
    },
    {},
    'got a binary file',
  ],
  [
    'a report whose client is a link out',
    (path: string) => {
      mkdirSync(join(path, 'client-2'), { recursive: true })
      symlinkSync(tmpdir(), join(path, 'client-1'))
    },
    {},
    'client-1: Expected a folder, got a file, a link or a device',
  ],
] as const)(
  '%s instead of a history is unreadable, in one line',
  async (_, make, options, problem) => {
    const file = inRun('')
    make(file.replace(/\/$/, ''))
    const { verdict, reason } = await checkFile(file.replace(/\/$/, ''), {
      timeoutS: 10,
      ...options,
    })
    expect(verdict).toBe('unreadable')
    expect(reason).toContain(problem)
    expectOutsideUntouched()
    expect(statSync(outside).mode & 0o777).toBe(0o600)
  },
)

test('a report without an answer is no proof', async () => {
  mkdirSync(inRun('client-1'), { recursive: true })
  expect((await checkFile(inRun(''), { timeoutS: 10 })).verdict).toBe('unknown')
})
