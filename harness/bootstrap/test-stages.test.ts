import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { closingLine, runStages, type Stage } from './test-stages.ts'

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-stages-'))

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  return () => vi.restoreAllMocks()
})

function stage(name: string, exitCode: number, report?: object): Stage {
  const file = join(folder, `${name}.json`)
  if (report !== undefined) writeFileSync(file, JSON.stringify(report))
  const command = [process.execPath, '-e', `process.exit(${exitCode})`] as const
  return { title: name, command, ...(report !== undefined && { report: file }) }
}

test('the closing line sums unit tests and suites', async () => {
  const outcome = await runStages(
    [
      stage('lint', 0),
      stage('unit', 0, { numPassedTests: 40, numFailedTests: 0 }),
      stage('suites', 0, { passed: 2, failed: 0, skipped: 1 }),
    ],
    folder,
  )
  expect(outcome).toEqual({ passed: 42, failed: 0, exitCode: 0 })
  expect(closingLine(outcome)).toBe('42 passed, 0 failed')
})

test('no stage runs after one that failed, and its exit code is the result', async () => {
  const outcome = await runStages(
    [
      stage('unit', 0, { numPassedTests: 4 }),
      stage('suites', 4),
      stage('never', 0, { passed: 100 }),
    ],
    folder,
  )
  expect(outcome).toEqual({ passed: 4, failed: 1, exitCode: 4 })
})

test('failures in a report count even when the program exited with 0', async () => {
  const outcome = await runStages([stage('odd', 0, { passed: 3, failed: 2 })], folder)
  expect(outcome).toEqual({ passed: 3, failed: 2, exitCode: 1 })
})

test('a missing program is a failure of the environment', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const outcome = await runStages([{ title: 'none', command: ['/nonexistent/tool'] }], folder)
  expect(outcome).toEqual({ passed: 0, failed: 1, exitCode: 4 })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a %s to the runner alone reaches the running stage, and no further stage starts',
  async (signal) => {
    const program = `
      process.on('${signal}', () => process.exit(7))
      setInterval(() => {}, 1_000)
      console.log('listening')`
    const stages = [
      { title: 'waits', command: [process.execPath, '-e', program] },
      { title: 'never', command: [process.execPath, '-e', 'console.log("began")'] },
    ]
    const source = `
      import { runStages } from ${JSON.stringify(join(import.meta.dirname, 'test-stages.ts'))}
      process.exitCode = (await runStages(${JSON.stringify(stages)}, '.')).exitCode`
    const runner = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    runner.stdout.on('data', (bytes) => {
      printed += String(bytes)
      if (String(bytes).includes('listening')) runner.kill(signal)
    })
    const [exitCode] = await once(runner, 'close')
    expect(exitCode).toBe(7)
    expect(printed).not.toContain('began')
  },
)
