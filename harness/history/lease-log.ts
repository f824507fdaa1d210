import { expected } from './expected.ts'
import { type JsonlFormat, type JsonlLog, parseJsonlLog, readJsonlLog } from './jsonl-log.ts'
import type { Outcome } from './operations.ts'

/**
 * What was asked of leases and what came back, `gauntlet-lease/1`: `leases.jsonl` beside
 * `history.jsonl`. docs/HISTORY.md.
 */
export interface LeaseHeader {
  readonly format: 'gauntlet-lease/1'
  /** How long after its time a lease may still be there. */
  readonly slackMs: number
  readonly [field: string]: unknown
}

export type LeaseRequestKind = 'grant' | 'keepalive' | 'revoke'

interface OfRequest {
  /** Of the history's numbers: one request at a time over both files. */
  readonly process: number
  readonly f: LeaseRequestKind
  /** Decimal id, chosen by the client; never used for two leases. */
  readonly lease: string
  readonly timeNs: number
}

export interface LeaseInvocation extends OfRequest {
  readonly type: 'invoke'
  readonly member: string
  /** Of a grant: what was asked for. */
  readonly ttlS?: number
}

export interface LeaseCompletion extends OfRequest {
  readonly type: Outcome
  /** Of grant and keepalive: what was given; 0 = there is no such lease. */
  readonly ttlS?: number
  readonly error?: string
}

/** A member said that it leads a newer term. */
export interface LeaderSeen {
  readonly type: 'leader'
  readonly term: number
  readonly timeNs: number
}

export type LeaseEntry = LeaseInvocation | LeaseCompletion | LeaderSeen
export type LeaseLog = JsonlLog<LeaseHeader, LeaseEntry>

/** Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. */
export function parseLeaseLog(text: string, file = 'leases.jsonl'): LeaseLog {
  return parseJsonlLog(text, file, leaseFormat())
}

/** The same from a file; an incomplete last line is left out, with a warning. */
export const readLeaseLog = (file: string) =>
  readJsonlLog<LeaseHeader, LeaseEntry>(file, leaseFormat())

function leaseFormat(): JsonlFormat {
  const open = new Map<unknown, string>()
  return {
    format: 'gauntlet-lease/1',
    headerProblemOf: ({ slackMs }) =>
      isCount(slackMs)
        ? undefined
        : expected('`slackMs` of the header', 'an integer from 0', slackMs),
    problemOf: (entry) => fieldsProblem(entry) ?? follow(open, entry),
  }
}

type Fields = Readonly<Record<string, unknown>>

const types = ['invoke', 'ok', 'fail', 'info', 'leader']
const requests = ['grant', 'keepalive', 'revoke']

function fieldsProblem(entry: Fields): string | undefined {
  const { type, timeNs, process, f, lease, ttlS, member, term } = entry
  if (!types.includes(String(type))) return expected('`type`', `one of ${types.join(', ')}`, type)
  if (!isCount(timeNs)) return expected('`timeNs`', 'an integer from 0', timeNs)
  if (type === 'leader') return isCount(term) ? undefined : expected('`term`', 'a term', term)
  if (!isCount(process)) return expected('`process`', 'an integer from 0', process)
  if (!requests.includes(String(f))) return expected('`f`', `one of ${requests.join(', ')}`, f)
  if (!/^\d+$/.test(String(lease))) return expected('`lease`', 'a decimal id', lease)
  if (type === 'invoke' && typeof member !== 'string') return expected('`member`', 'a name', member)
  const saysTtl = type === 'ok' ? f !== 'revoke' : type === 'invoke' && f === 'grant'
  return !saysTtl || isCount(ttlS) ? undefined : expected('`ttlS`', 'an integer from 0', ttlS)
}

/** One open request a process; a completion repeats what was asked. */
function follow(
  open: Map<unknown, string>,
  { type, process, f, lease }: Fields,
): string | undefined {
  if (type === 'leader') return undefined
  const request = `${String(f)} of ${String(lease)}`
  const asked = open.get(process)
  if (type === 'invoke') {
    open.set(process, request)
    return asked && `Expected process ${process} to complete its ${asked}, got ${request}`
  }
  open.delete(process)
  if (asked === request) return undefined
  return `Expected process ${process} to complete ${asked ?? 'nothing'}, got ${request}`
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
