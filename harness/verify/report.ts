import { X509Certificate } from 'node:crypto'
import { allChecks } from './checks/all-checks.ts'
import { daysLeft } from './checks/certificates.ts'
import {
  answersOf,
  type Check,
  type Finding,
  hexadecimal,
  type Limits,
  nameOf,
} from './checks/check.ts'
import type { ClusterView, EndpointView } from './checks/cluster-view.ts'

/** A contract, as `gauntlet verify --json` prints it: docs/VERIFY.md. */
export interface VerifyReport {
  readonly format: 'gauntlet-verify/1'
  /** RFC 3339. */
  readonly takenAt: string
  /** `unreachable`: no endpoint answered a status request, and nothing else was found out. */
  readonly verdict: 'healthy' | 'faulty' | 'unreachable'
  /** Requests and handshakes that this look cost the cluster. */
  readonly requests: number
  readonly members: readonly MemberRow[]
  readonly checks: readonly CheckRow[]
}

export interface CheckRow {
  readonly check: string
  /** `not-checked`: it could look at nothing. */
  readonly result: 'ok' | 'fault' | 'not-checked'
  readonly seen: string
  readonly findings: readonly Finding[]
  /** What it could not look at, and why. */
  readonly notChecked: readonly string[]
}

/** One endpoint that answered. Null = not known. */
export interface MemberRow {
  readonly name: string
  /** Hexadecimal, as etcdctl prints it. */
  readonly id: string
  readonly endpoint: string
  readonly version: string
  readonly role: 'leader' | 'follower' | 'learner'
  readonly term: number
  readonly revision: number
  readonly dbSizeBytes: number | null
  readonly dbSizeInUseBytes: number | null
  readonly quotaBytes: number | null
  /** Whole days until its client port's certificate ends. */
  readonly certificateDays: number | null
}

/** Judges one look at a cluster. Pure: the same view gives the same report. */
export function reportOn(
  view: ClusterView,
  options: Limits & { readonly requests: number; readonly skip: readonly string[] },
): VerifyReport {
  const checks = allChecks
    .filter(({ name }) => !options.skip.includes(name))
    .map((check) => runCheck(check, view, options))
  return {
    format: 'gauntlet-verify/1',
    takenAt: new Date(view.takenAtMs).toISOString(),
    verdict: verdictOf(view, checks),
    requests: options.requests,
    members: answersOf(view, ({ status }) => status).answered.map(({ endpoint }) =>
      memberRow(view, endpoint),
    ),
    checks,
  }
}

function runCheck({ name, run }: Check, view: ClusterView, limits: Limits): CheckRow {
  const { findings, seen, notChecked, skipped } = run(view, limits)
  const result = skipped ? 'not-checked' : findings.length > 0 ? 'fault' : 'ok'
  return { check: name, result, seen, findings, notChecked }
}

function verdictOf(view: ClusterView, checks: readonly CheckRow[]): VerifyReport['verdict'] {
  const found = checks.flatMap(({ findings }) => findings)
  const isSilent = view.endpoints.every(({ status }) => status.kind !== 'answered')
  if (isSilent && found.every(({ code }) => code === 'endpoint-unreachable')) return 'unreachable'
  return found.length > 0 ? 'faulty' : 'healthy'
}

function memberRow(view: ClusterView, endpoint: EndpointView): MemberRow {
  const { url, status, metrics, certificate } = endpoint
  if (status.kind !== 'answered') throw new RangeError(`Expected a status of ${url}, got none`)
  const { memberId, leaderId, learner, version, term, revision } = status.value
  const measured = metrics.kind === 'answered' ? metrics.value : undefined
  const [leaf] = certificate.kind === 'answered' ? certificate.value.chainPem : []
  return {
    name: nameOf(view, endpoint),
    id: hexadecimal(memberId),
    endpoint: url,
    version,
    role: learner ? 'learner' : leaderId === memberId ? 'leader' : 'follower',
    term,
    revision,
    dbSizeBytes: measured?.dbSizeBytes ?? null,
    dbSizeInUseBytes: measured?.dbSizeInUseBytes ?? null,
    quotaBytes: measured?.quotaBytes ?? null,
    certificateDays:
      leaf === undefined ? null : Math.floor(daysLeft(new X509Certificate(leaf), view.takenAtMs)),
  }
}
