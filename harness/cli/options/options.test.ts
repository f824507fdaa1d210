import { Command } from 'commander'
import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import { readSource, sourceFiles } from '../../testing/sources.ts'
import { formatRunOptions, parseObjectives, type RunOptions, runOptions } from './run.ts'
import { addOptions } from './table.ts'
import { durationMs, json, seconds } from './value.ts'

/** What commander makes of these words. */
function parsed(...words: string[]): RunOptions {
  const command = addOptions(new Command('run'), runOptions).exitOverride()
  return command.parse(words, { from: 'user' }).opts<RunOptions>()
}

test('every command takes its options from a table', () => {
  const commands = sourceFiles().filter((file) => file.startsWith('harness/cli/'))
  const withOwn = commands.filter(
    (file) => !file.endsWith('.test.ts') && /\.option\(/.test(readSource(file)),
  )
  expect(commands).toContain('harness/cli/commands/clean.ts')
  expect(withOwn).toEqual([])
})

test('options have their defaults', () => {
  expect(parsed()).toEqual({
    from: [],
    flag: [],
    upgradeTo: [],
    objective: [],
    matrix: [],
    depth: 'full',
    out: 'reports/out',
    keep: 'all',
  })
})

test('the reproduce command has every option that decides something, quoted for a shell', () => {
  const words = [
    ...['--etcd', '3.5.30', '--arch', 'arm64', '--members', '4', '--allow-even', '--tls', 'none'],
    ...['--door', 'gateway'],
    ...['--flag', 'quota-backend-bytes=1', '--flag', "cors=it's *"],
    ...['--objective', 'writeOutageMs=3000', '--depth', 'quick', '--duration', '1500ms'],
  ]
  const options = parsed(...words, '--out', '/tmp/x', '--json', '--self-tests')
  expect(formatRunOptions(options, 7)).toBe(
    "--etcd 3.5.30 --arch arm64 --members 4 --allow-even --tls none --door gateway --flag quota-backend-bytes=1 --flag 'cors=it'\\''s *' --objective writeOutageMs=3000 --depth quick --duration 1500ms --seed 7",
  )
})

test('what is formatted parses to the same options', () => {
  const options = parsed('--image', 'a/b:1', '--members', '5', '--duration', '5m', '--seed', '3')
  expect(parsed(...formatRunOptions(options, 3).split(' '))).toEqual(options)
})

test.for([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1m500ms', 60_500],
  ['5m', 300_000],
  ['24h', 86_400_000],
  ['500ms', 500],
  ['25h', undefined],
  ['0s', undefined],
  ['5', undefined],
  ['-5m', undefined],
] as const)('the duration %s is %s ms', ([text, ms]) => {
  expect(durationMs.parse(text)).toBe(ms)
})

test('JSON is boxed, so that null is a value; seconds may have a fraction', () => {
  expect(json.parse('null')).toEqual({ value: null })
  expect(json.parse('{')).toBeUndefined()
  expect(['0.5', '0', '-1', ' ', 'x'].map(seconds.parse)).toEqual([
    0.5,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('a bad value is an input error that names the option', () => {
  expect(() => parsed('--seed', 'abc')).toThrow(InputError)
  expect(() => parsed('--seed', 'abc')).toThrow('Expected `--seed` to be a whole number, got `abc`')
})

test('objectives are measures with numbers', () => {
  expect(parseObjectives(['writeOutageMs=3000', 'writesPerS=0.5'])).toEqual({
    writeOutageMs: 3_000,
    writesPerS: 0.5,
  })
})
