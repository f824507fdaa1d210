import { failpointPanicOf, parseLogLine } from '../core/etcd/log-line.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { absentMembers } from './keys/absent-members.ts'
import { findTwoLeaders } from './logs/leaders.ts'
import { findLostTerms } from './logs/lost-terms.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'logs'
const codes = ['panic', 'fatal', 'data-race', 'two-leaders', 'term-lost'] as const

type Code = (typeof codes)[number]

/**
 * Proves: the log of each member that took part has no panic, no fatal line and no data race, in any of
 * etcd's formats (zap as JSON or console, capnslog, the Go runtime); no two members logged that they
 * lead in one term; and none started at a term before that of the last entry of its own log.
 * A panic at a failpoint is a fault's, and none of etcd's.
 * Does not prove: that the logs are whole, that nothing else in them is worrying, or that a member
 * which exited without a line (SIGKILL, out of memory) did so on command.
 */
export const logsChecker: Checker = {
  name,
  codes,
  check: checkLogs,
}

interface Finding {
  readonly member: string
  /** From 1. */
  readonly line: number
  readonly code: Code
  readonly text: string
}

/** At most so many lines are kept as evidence. */
const findingsShown = 20
const textShown = 300

function checkLogs({ history, logs = {} }: CheckInput): Verdict {
  const members = Object.entries(logs)
  const factsJudged = members.reduce((sum, [, lines]) => sum + lines.length, 0)
  const unknown = (reason: string) => unknownVerdict(name, reason, { factsJudged })
  const findings = [
    ...members.flatMap(([member, lines]) => findingsOf(member, lines)),
    ...members.flatMap(([member, lines]) =>
      findLostTerms(lines).map((lost) => ({ member, code: 'term-lost' as const, ...lost })),
    ),
    ...twoLeaders(logs),
  ]
  const [first] = findings
  if (first !== undefined) return violationVerdict(first, findings, factsJudged)
  if (members.length === 0) return unknown('no logs were saved')
  const absent = absentMembers(history, Object.keys(logs))
  if (absent.length > 0) {
    return unknown(`${absent.join(', ')} received requests and its log was not saved`)
  }
  const silent = members.filter(([, lines]) => lines.every((line) => line.trim() === ''))
  if (silent.length > 0)
    return unknown(`${silent.map(([member]) => member).join(', ')} logged nothing`)
  return requireFacts({ checker: name, verdict: 'valid', factsJudged }, 'no line was logged')
}

function findingsOf(member: string, lines: readonly string[]): Finding[] {
  return lines.flatMap((raw, at) => {
    const code = codeOfLine(raw)
    return code === undefined ? [] : [{ member, line: at + 1, code, text: raw.slice(0, textShown) }]
  })
}

function twoLeaders(logs: NonNullable<CheckInput['logs']>): Finding[] {
  const found = findTwoLeaders(logs)
  if (found === undefined) return []
  const { member, line, term, other } = found
  const text = `it leads term ${term}, which ${other.member} leads by line ${other.line} of its log`
  return [{ member, line, code: 'two-leaders', text }]
}

const words: Readonly<Record<Code, string>> = {
  panic: 'a panic',
  fatal: 'a fatal line',
  'data-race': 'a data race',
  'two-leaders': 'a second leader of a term',
  'term-lost': 'a start at a term before that of its last entry',
}

const codeByLevel: ReadonlyMap<string | undefined, Code> = new Map([
  ['fatal', 'fatal'],
  ['panic', 'panic'],
  ['dpanic', 'panic'],
])

/** The code of a grave line; undefined for any other, such as the panic that a failpoint was set to. */
export function codeOfLine(raw: string): Code | undefined {
  if (failpointPanicOf(raw) !== undefined) return undefined
  const { level, isDataRace } = parseLogLine(raw)
  return isDataRace ? 'data-race' : codeByLevel.get(level)
}

function violationVerdict(
  first: Finding,
  findings: readonly Finding[],
  factsJudged: number,
): Verdict {
  const others = findings.length > 1 ? ` (and ${findings.length - 1} more lines)` : ''
  const what = words[first.code]
  return invalidVerdict(name, {
    code: first.code,
    codes: findings.map(({ code }) => code),
    factsJudged,
    reason: `${first.member} logged ${what} in line ${first.line}: ${first.text}${others}`,
    evidence: {
      partition: first.member,
      expected: 'no panic, no fatal line, no data race and one leader a term',
      found: `${findings.length} such lines`,
      lines: findings.slice(0, findingsShown),
    },
  })
}
