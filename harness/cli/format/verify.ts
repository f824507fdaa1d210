import { formatBytes } from '../../../reports/model/format.ts'
import { replaceInvisible } from '../../../reports/text.ts'
import type { ClusterChange } from '../../verify/changes.ts'
import { formatFinding } from '../../verify/checks/check.ts'
import type { CheckRow, MemberRow, VerifyReport } from '../../verify/report.ts'

/** The report as a person reads it: a table of members, a line a check, its faults below it. */
export function formatReport(report: VerifyReport): string {
  const { members, checks } = report
  const lines = [
    ...formatTable([columns, ...members.map(cellsOf)]),
    '',
    ...checks.flatMap(formatCheck),
    '',
    formatVerdict(report),
  ]
  return lines.map(toLine).join('')
}

/** `12:00:05  fault    alarms  m1: expected no alarm, found NOSPACE`. */
export function formatChange({ at, change, what, text }: ClusterChange): string {
  return toLine(`${at.slice(11, 19)}  ${change.padEnd(7)}  ${what}  ${text}`)
}

/** A line whose columns stay; what members answered cannot begin another one. */
function toLine(text: string): string {
  return `${replaceInvisible(text.replaceAll(/[\t\r\n]/g, ' '))}\n`
}

const results = { ok: 'ok', fault: 'FAULT', 'not-checked': 'not checked' } as const

function formatCheck({ check, result, seen, findings, notChecked }: CheckRow): readonly string[] {
  const notes = result === 'not-checked' ? notChecked.slice(0, 1).join('') : seen
  const head = `${results[result].padEnd(11)}  ${check.padEnd(17)}  ${notes}`.trimEnd()
  const unseen = result === 'not-checked' ? [] : notChecked.map((why) => `not checked: ${why}`)
  return [head, ...[...findings.map(formatFinding), ...unseen].map((line) => `    ${line}`)]
}

function formatVerdict({ verdict, checks, requests }: VerifyReport): string {
  const count = (result: CheckRow['result']) =>
    checks.filter((check) => check.result === result).length
  const faults = checks.flatMap(({ findings }) => findings).length
  const counts = [
    `${count('ok')} checks ok`,
    `${faults} ${faults === 1 ? 'fault' : 'faults'}`,
    `${count('not-checked')} checks not possible`,
    `${requests} requests`,
  ]
  return `${verdict}: ${counts.join(', ')}`
}

const columns = [
  ...['member', 'role', 'version', 'term', 'revision'],
  ...['db size', 'in use', 'quota', 'certificate', 'endpoint'],
] as const

function cellsOf(row: MemberRow): readonly string[] {
  const { name, role, version, term, revision, certificateDays, endpoint } = row
  return [
    ...[name, role, version, String(term), String(revision)],
    ...[row.dbSizeBytes, row.dbSizeInUseBytes, row.quotaBytes].map(sizeOf),
    certificateDays === null ? '-' : `${certificateDays} days`,
    endpoint,
  ]
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? '-' : formatBytes(bytes)
}

function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
