import { count } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, findProblem, type Shape } from '../../core/schema/validator.ts'
import { type JsonlFormat, type JsonlLog, parseJsonlLog, readJsonlLog } from './jsonl.ts'

/**
 * Requests about leases and their outcomes, `gauntlet-lease/1`: `leases.jsonl` beside
 * `history.jsonl`. docs/HISTORY.md.
 */
const headerSchema = Type.Object({
  format: Type.Literal('gauntlet-lease/1'),
  slackMs: Type.Integer({
    ...count,
    description: 'How long after its time to live a lease may still exist.',
  }),
  waitsForExpiry: Type.Optional(
    Type.Boolean({
      description:
        'False: no client waits until a lease has expired. Absent: one does, at the end.',
    }),
  ),
})

const requestFields = {
  process: Type.Integer({
    ...count,
    description: "Of the history's numbers: one request at a time over both files.",
  }),
  f: Type.Enum(['grant', 'keepalive', 'revoke']),
  lease: Type.String({
    pattern: '^\\d+$',
    title: 'a decimal id',
    description: 'Chosen by the client; never used for two leases.',
  }),
  timeNs: count,
  ttlS: Type.Optional(
    Type.Integer({
      ...count,
      description: 'Of a grant: requested. Of an ok: granted; 0 = there is no such lease.',
    }),
  ),
}

const invocationSchema = Type.Object({
  type: Type.Literal('invoke'),
  ...requestFields,
  member: Type.Optional(Type.String()),
  door: Type.Optional(
    Type.String({ description: 'As of a request in the history; one of both is there.' }),
  ),
})

const completionSchema = Type.Object({
  type: Type.Enum(['ok', 'fail', 'info']),
  ...requestFields,
  otherLease: Type.Optional(
    Type.String({ description: 'The answer was about this lease, which was not asked for.' }),
  ),
  error: Type.Optional(Type.String()),
})

const leaderSchema = Type.Object({
  type: Type.Literal('leader'),
  term: count,
  timeNs: count,
  former: Type.Optional(
    Type.String({ description: 'The member that led the term before; absent = not known.' }),
  ),
})

export interface LeaseHeader extends Shape<typeof headerSchema> {
  readonly [field: string]: unknown
}

export interface LeaseInvocation extends Shape<typeof invocationSchema> {}

export interface LeaseCompletion extends Shape<typeof completionSchema> {}

/** A member reported that it leads a newer term. */
interface LeaderSeen extends Shape<typeof leaderSchema> {}

export type LeaseRequestKind = LeaseInvocation['f']
export type LeaseEntry = LeaseInvocation | LeaseCompletion | LeaderSeen
export type LeaseLog = JsonlLog<LeaseHeader, LeaseEntry>

const completions = createValidator(completionSchema)
const withTtl = createValidator(Type.Object({ ttlS: count }))
const withMember = createValidator(Type.Object({ member: Type.String() }))

const headers = createValidator(headerSchema)
const entries = {
  invoke: createValidator(invocationSchema),
  ok: completions,
  fail: completions,
  info: completions,
  leader: createValidator(leaderSchema),
}

/** Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. */
export function parseLeaseLog(text: string, file = 'leases.jsonl'): LeaseLog {
  return parseJsonlLog(text, file, leaseFormat())
}

/** The same from a file; an incomplete last line is left out, with a warning. */
export const readLeaseLog = (file: string) => readJsonlLog(file, leaseFormat())

function leaseFormat(): JsonlFormat<LeaseHeader, LeaseEntry> {
  const open = new Map<number, string>()
  return {
    header: headers,
    entries,
    read: (entry) => {
      const conflict = findPlaceProblem(entry) ?? findTtlProblem(entry) ?? follow(open, entry)
      if (conflict !== undefined) throw new RangeError(conflict)
      return entry
    },
  }
}

/** A request names what it was sent to. */
function findPlaceProblem(entry: LeaseEntry): string | undefined {
  if (entry.type !== 'invoke' || entry.door !== undefined) return undefined
  return findProblem(withMember, entry, { what: 'an entry' })
}

/** A grant says for how long it requests a lease; an answer, for how long the lease was granted. */
function findTtlProblem(entry: LeaseEntry): string | undefined {
  const isGrant = entry.type === 'invoke' && entry.f === 'grant'
  const isGranted = entry.type === 'ok' && entry.f !== 'revoke'
  return isGrant || isGranted ? findProblem(withTtl, entry, { what: 'an entry' }) : undefined
}

/** One open request a process; a completion repeats what was requested. */
function follow(open: Map<number, string>, entry: LeaseEntry): string | undefined {
  if (entry.type === 'leader') return undefined
  const { type, process, f, lease } = entry
  const request = `${f} of ${lease}`
  const begun = open.get(process)
  if (type === 'invoke') {
    open.set(process, request)
    return begun && `Expected process ${process} to complete its ${begun}, got ${request}`
  }
  open.delete(process)
  if (begun === request) return undefined
  return `Expected process ${process} to complete ${begun ?? 'nothing'}, got ${request}`
}
