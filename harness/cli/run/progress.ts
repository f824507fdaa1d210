import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason } from 'vitest/node'
import { ScenarioFailure } from '../../scenario/scenario-failure.ts'
import { isSelfTest } from './suites.ts'
import type { TimeLeft } from './time-left.ts'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export interface Progress extends Reporter {
  readonly counts: Counts
  /**
   * Failures outside of any scenario: a suite that does not load, an uncaught error, a test without a
   * verdict.
   */
  readonly errors: string[]
  /**
   * Of each self test that failed, its name and why. One whose file does not load, or whose thread died,
   * is among the errors.
   */
  readonly failedSelfTests: string[]
}

/**
 * Says on standard error what runs, how it ended and, of scenarios, how much is left; `afterEach`
 * keeps the record up to date.
 */
export function progressReporter(afterEach: () => void, timeLeft?: TimeLeft): Progress {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const errors: string[] = []
  const failedSelfTests: string[] = []
  return {
    counts,
    errors,
    failedSelfTests,
    onTestCaseReady: (test) => {
      if (isLeftOut(test)) return
      timeLeft?.begin(scenarioOf(test))
      print(`▶ ${formatPlace(timeLeft, test)}${test.fullName}`)
    },
    onTestCaseResult: (test) => {
      const { state } = test.result()
      if (state === 'pending') return
      counts[state] += 1
      timeLeft?.end(scenarioOf(test))
      if (!isLeftOut(test)) print(resultLine(test))
      if (isSelfTest(test.module.moduleId)) {
        if (state === 'failed') failedSelfTests.push(resultLine(test))
      } else errors.push(...withoutVerdict(test))
      afterEach()
    },
    onTestRunEnd: (modules, unhandled, reason) => {
      const thrown = [...modules.flatMap(errorsOf), ...unhandled]
      const messages = [...thrown.map(formatError), ...unfinished(reason)]
      for (const message of messages) print(`✗ ${message}`)
      errors.push(...messages)
      afterEach()
    },
  }
}

/** As `describeSuite` names the test of a scenario. */
const scenarioOf = (test: TestCase): string => test.name.split(':')[0] ?? ''

function formatPlace(timeLeft: TimeLeft | undefined, test: TestCase): string {
  const place = timeLeft?.placeOf(scenarioOf(test))
  return place === undefined ? '' : `[${place}] `
}

/** The errors of a file and of its groups: a hook that failed, a suite that does not load. */
function errorsOf(module: TestModule): readonly SerializedError[] {
  return [module, ...module.children.allSuites()].flatMap((part) => part.errors())
}

/** Why a suite's test failed other than by the outcome of its scenario: no record says it. */
function withoutVerdict(test: TestCase): readonly string[] {
  const { errors = [] } = test.result()
  const others = errors.filter(({ name }) => name !== ScenarioFailure.name)
  return others.map((error) => `${test.fullName}: ${formatError(error)}`)
}

/** The runner's own errors, such as of a thread that died, say why only in their cause. */
function formatError({ message, cause }: SerializedError): string {
  return cause === undefined ? message : `${message} ${cause.message}`
}

/** Left out by the plan: the summary counts these, the log does not list them. */
function isLeftOut(test: TestCase): boolean {
  return test.options.mode === 'skip'
}

function resultLine(test: TestCase): string {
  const result = test.result()
  const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1)
  if (result.state === 'passed') return `✓ ${test.fullName} (${seconds} s)`
  if (result.state === 'skipped') {
    return `- ${test.fullName}${result.note === undefined ? '' : `: ${result.note}`}`
  }
  const messages = (result.errors ?? []).map(({ message }) => message)
  return `✗ ${test.fullName} (${seconds} s)\n${indent(messages.join('\n'))}`
}

function unfinished(reason: TestRunEndReason): string[] {
  return reason === 'interrupted' ? ['the run was interrupted'] : []
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

function print(text: string): void {
  process.stderr.write(`${text}\n`)
}
