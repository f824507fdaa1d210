import { basename } from 'node:path'
import { toOneLine } from '../../../reports/text.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'
import type { FileVerdict, Place } from './file.ts'

const widest = 160

/** A verdict as a person reads it: one line, and below a violation what it is about. */
export function formatVerdict(verdict: FileVerdict): string {
  const { file, operations, ms, reason } = verdict
  if (verdict.verdict === 'unreadable') return `unreadable  ${toOneLine(reason ?? file)}`
  const why = reason === undefined ? '' : `: ${toOneLine(reason)}`
  const counted = `(${counting(operations)}, ${ms} ms)`
  const first = `${verdict.verdict.padEnd(10)}  ${toOneLine(file)} ${counted}${why}`
  return [first, ...violationLines(verdict).map((line) => `    ${line}`)].join('\n')
}

/** A scenario that was judged again: one line, `held           quorum-loss/leader-killed: …`. */
export function formatScenario(checked: Pick<CheckedScenario, 'scenario' | 'outcome' | 'reason'>) {
  const { scenario, outcome, reason } = checked
  return `${outcome.padEnd(14)}  ${toOneLine(scenario)}: ${toOneLine(reason)}`
}

function violationLines({ evidence, culprit, placed, alsoInvolved = [] }: FileVerdict): string[] {
  if (evidence === undefined) return []
  const { partition, prefix = [], prefixOmitted = 0, violations } = evidence
  if (culprit === undefined && partition === undefined) return violationTexts(violations)
  const count = prefix.length + Number(prefixOmitted)
  return [
    `partition: ${partition === undefined ? 'the only register' : toOneLine(partition, widest)}`,
    ...(culprit === undefined ? [] : [`could not be placed: ${formatPlace(culprit)}`]),
    ...(placed === undefined
      ? []
      : [`placed before it: ${counting(count)}`, ...placed.map(indented)]),
    ...(alsoInvolved.length === 0 ? [] : ['also involved:', ...alsoInvolved.map(indented)]),
  ]
}

/** Violations of watches are about events, not about one operation: each has its text. */
function violationTexts(violations: unknown): string[] {
  if (!Array.isArray(violations)) return []
  return violations.map(({ member, text }) => toOneLine(`${member}: ${text}`, widest))
}

const counting = (count: number) => (count === 1 ? '1 operation' : `${count} operations`)
const indented = (place: Place) => `    ${formatPlace(place)}`

/** Such as `line 86: process 11 cas [2,4] at m1 → ok {"applied":false}`. */
function formatPlace({ file, line, index, invoke, completion }: Place): string {
  const { process, f, key, value, member } = invoke
  const asked = [
    `process ${process} ${f}`,
    ...(key === undefined ? [] : [key]),
    ...(value === undefined ? [] : [JSON.stringify(value)]),
    ...(member === undefined ? [] : [`at ${member}`]),
  ].join(' ')
  const inFile = file === undefined ? '' : `${basename(file)} `
  const place = `${inFile}line ${line}${index === undefined ? '' : `, element ${index}`}`
  return toOneLine(`${place}: ${asked} → ${formatAnswer(completion)}`, widest)
}

function formatAnswer(completion: Place['completion']): string {
  if (completion === undefined) return 'no answer'
  const { type, process: _p, f: _f, timeNs: _t, key: _k, ...result } = completion
  return Object.keys(result).length === 0 ? type : `${type} ${JSON.stringify(result)}`
}
