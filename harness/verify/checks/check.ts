import type { ListedMember } from '../../core/etcd/listed-member.ts'
import type { ClusterView, EndpointView, Reply, StatusView } from './cluster-view.ts'

/** One fault that a check found. Programs match `code` and `subject`, never the sentences. */
export interface Finding {
  /** Kebab-case and stable, such as `name-twice`. */
  readonly code: string
  /** A member's name, an endpoint, or `cluster`. */
  readonly subject: string
  readonly expected: string
  readonly found: string
}

export function formatFinding({ subject, expected, found }: Finding): string {
  return `${subject}: expected ${expected}, found ${found}`
}

export interface CheckOutcome {
  readonly findings: readonly Finding[]
  /** What it saw, in a few words, whether there was a fault or not. */
  readonly seen: string
  /** What it could not look at, and why. */
  readonly notChecked: readonly string[]
  /** Nothing could be looked at: the check says nothing about the cluster. */
  readonly skipped?: true
}

/** Bounds of the checks that have one. */
export interface Limits {
  /** A certificate that ends in fewer days is a fault. */
  readonly minDays: number
}

/** A pure function from a view to what is wrong in it. */
export interface Check {
  /** Kebab-case and stable. */
  readonly name: string
  /** The sentence that is false when the check finds something. */
  readonly holds: string
  /** All codes that its findings may have. */
  readonly codes: readonly string[]
  readonly run: (view: ClusterView, limits: Limits) => CheckOutcome
}

export const cluster = 'cluster'

/** The outcome of a check that had nothing to look at. */
export function skipped(reasons: readonly string[]): CheckOutcome {
  return { findings: [], seen: '', notChecked: [...new Set(reasons)], skipped: true }
}

/** What endpoints answered, and in words what the others did not. */
export interface Answers<T> {
  readonly answered: readonly { readonly endpoint: EndpointView; readonly value: T }[]
  readonly notChecked: readonly string[]
}

/** The answers to one question at every endpoint that answers at all (`endpoints` reports the others). */
export function answersOf<T>(
  view: ClusterView,
  question: (endpoint: EndpointView) => Reply<T>,
): Answers<T> {
  const all = view.endpoints.map((endpoint) => ({ endpoint, answer: question(endpoint) }))
  return {
    answered: all.flatMap(({ endpoint, answer }) =>
      answer.kind === 'answered' ? [{ endpoint, value: answer.value }] : [],
    ),
    notChecked: all.flatMap(({ endpoint, answer }) =>
      answer.kind === 'answered' || endpoint.status.kind === 'unanswered'
        ? []
        : [`${nameOf(view, endpoint)}: ${answer.reason}`],
    ),
  }
}

/** Runs over the answers to one question, each by itself; without any, the check is skipped. */
export function eachAnswer<T>(
  view: ClusterView,
  question: (endpoint: EndpointView) => Reply<T>,
  judge: (
    found: Answers<T>['answered'][number] & { readonly subject: string },
  ) => readonly Finding[],
): CheckOutcome {
  const { answered, notChecked } = answersOf(view, question)
  if (answered.length === 0) return skipped(notChecked.length > 0 ? notChecked : [noAnswer])
  const findings = answered.flatMap((found) =>
    judge({ ...found, subject: nameOf(view, found.endpoint) }),
  )
  return { findings, seen: `${answered.length} of ${view.endpoints.length} endpoints`, notChecked }
}

export const noAnswer = 'no endpoint answered'

/** The list of the first endpoint that gave one; `member-list` reports lists that differ. */
export function listedMembers(view: ClusterView): readonly ListedMember[] | undefined {
  const lists = view.endpoints.map(({ members }) => members)
  return lists.find((members) => members.kind === 'answered')?.value
}

/** The endpoint's member by name, or its URL where that is not known. */
export function nameOf(view: ClusterView, { url, status }: EndpointView): string {
  return status.kind === 'answered' ? memberName(view, status.value.memberId, url) : url
}

/** A member by name; one that never started has none. */
export function memberName(view: ClusterView, id: string, otherwise = hexadecimal(id)): string {
  return listedMembers(view)?.find((member) => member.id === id)?.name || otherwise
}

/** The statuses of the members that vote, each member once. */
export function statusesOf(
  view: ClusterView,
  which: 'status' | 'laterStatus' = 'status',
): readonly { readonly name: string; readonly status: StatusView }[] {
  const { answered } = answersOf(view, (endpoint) => endpoint[which])
  const byId = new Map(
    answered.map(({ endpoint, value }) => [
      value.memberId,
      { name: nameOf(view, endpoint), status: value },
    ]),
  )
  return [...byId.values()]
}

/** As etcdctl prints an id. */
export function hexadecimal(id: string): string {
  return BigInt(id).toString(16)
}

/** `m1: a; m2, m3: b`: which members have which value. */
export function formatGroups(rows: readonly (readonly [name: string, value: string])[]): string {
  const groups = Map.groupBy(rows, ([, value]) => value)
  return [...groups]
    .map(([value, members]) => `${members.map(([name]) => name).join(', ')}: ${value}`)
    .join('; ')
}
