import { type Finding, formatFinding } from './checks/check.ts'
import type { VerifyReport } from './report.ts'

/** One difference between two looks at a cluster; as JSON a contract: docs/VERIFY.md. */
export interface ClusterChange {
  /** RFC 3339: the later look. */
  readonly at: string
  /** `fault` began, `mended` ended; `member`: a fact of a member is another than before. */
  readonly change: 'fault' | 'mended' | 'member' | 'verdict'
  /** The check of a fault, or the member's fact: `role`, `version`, `present`. */
  readonly what: string
  readonly subject: string
  readonly text: string
}

/** What differs between two looks. Figures that every write moves are not compared. */
export function changesBetween(
  before: VerifyReport,
  after: VerifyReport,
): readonly ClusterChange[] {
  const [old, now] = [faultsOf(before), faultsOf(after)]
  const { takenAt: at } = after
  const verdict = { at, change: 'verdict', what: 'verdict', subject: 'cluster' } as const
  return [
    ...minus(now, old).map((fault) => toChange('fault', fault, at)),
    ...minus(old, now).map((fault) => toChange('mended', fault, at)),
    ...memberChanges(before, after),
    ...(before.verdict === after.verdict
      ? []
      : [{ ...verdict, text: `${before.verdict} → ${after.verdict}` }]),
  ]
}

interface Fault {
  readonly check: string
  readonly finding: Finding
}

/** By what a fault is, not by its figures: a quota that fills further is the same fault. */
function faultsOf({ checks }: VerifyReport): ReadonlyMap<string, Fault> {
  return new Map(
    checks.flatMap(({ check, findings }) =>
      findings.map((finding) => [
        [check, finding.code, finding.subject].join('\0'),
        { check, finding },
      ]),
    ),
  )
}

function minus(from: ReadonlyMap<string, Fault>, other: ReadonlyMap<string, Fault>) {
  return [...from].filter(([key]) => !other.has(key)).map(([, fault]) => fault)
}

function toChange(
  change: 'fault' | 'mended',
  { check, finding }: Fault,
  at: string,
): ClusterChange {
  const text = formatFinding(finding)
  return { at, change, what: check, subject: finding.subject, text }
}

function memberChanges(before: VerifyReport, after: VerifyReport): readonly ClusterChange[] {
  const facts = ({ members }: VerifyReport) =>
    new Map(
      members.flatMap(({ id, name, role, version }) => [
        [`${id} present`, { what: 'present', subject: name, value: 'answers' }],
        [`${id} role`, { what: 'role', subject: name, value: role }],
        [`${id} version`, { what: 'version', subject: name, value: version }],
      ]),
    )
  const [old, now] = [facts(before), facts(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)]
    const fact = is ?? was
    const isOnlyGone = fact?.what !== 'present' && (was === undefined || is === undefined)
    if (fact === undefined || was?.value === is?.value || isOnlyGone) return []
    const { what, subject } = fact
    const text = `${subject}: ${was?.value ?? 'no answer'} → ${is?.value ?? 'no answer'}`
    return [{ at: after.takenAt, change: 'member', what, subject, text }]
  })
}
