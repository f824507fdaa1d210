import type { Random } from '../core/random.ts'
import type { Completion } from '../history/recorder.ts'
import type { Request, Transaction } from '../history/request.ts'
import type { ProgramSpec } from './workload.ts'

/** A request about a lease, which `leases.jsonl` notes. */
export type LeaseRequest =
  | { readonly kind: 'grant'; readonly lease: string; readonly ttlS: number }
  | { readonly kind: 'keepalive' | 'revoke'; readonly lease: string }

/** What a client does next. */
type Ask =
  | Request
  | LeaseRequest
  /** In no log: drops the revisions before this one. */
  | { readonly kind: 'compact'; readonly revision: number }
  /** Begins to watch every key from that revision on, at the last request's member. */
  | { readonly kind: 'watch'; readonly fromRevision: number }
  /** Not a request: notes in the history that the lease's end may delete these keys. */
  | { readonly kind: 'may-expire'; readonly lease: string; readonly keys: readonly string[] }
  | { readonly kind: 'wait'; readonly ms: number }

/** `tolerant`: receives every outcome. Otherwise anything but `ok` ends the turn. */
export type ProgramStep = Ask & { readonly tolerant?: true }

export type Turn = Generator<ProgramStep, void, Completion>

/** One client of a program. Its memory outlives its processes. */
export interface Client {
  /** Runs again and again; a turn that ended early does not resume. */
  turn(): Turn
  /** The last requests, after the last turn. */
  finish?(): Turn
}

/** A client of a program, with its number in it. */
export interface ProgramClient {
  readonly client: Client
  readonly spec: ProgramSpec
  readonly index: number
}

/** A client's place in its program. */
export interface Place {
  /** From 0. */
  readonly client: number
  readonly random: Random
  /** How long after its time to live a lease may still exist. */
  readonly leaseSlackMs: number
}

export type Program = (place: Place) => Client

/** Makes texts that are unique among the program's values. */
export function freshNames({ client }: Place): () => string {
  let count = 0
  return () => `c${client}.${++count}`
}

export const get = (key: string) => ({ kind: 'get', key }) as const

export const txn = (
  compare: Transaction['compare'],
  then: Transaction['then'],
  otherwise: Transaction['else'] = [],
) => ({ kind: 'txn', value: { compare, then, else: otherwise } }) as const

/** A range of all keys with a prefix, which ends with a slash. */
export const under = (prefix: string) =>
  ({ kind: 'range', key: prefix, end: `${prefix.slice(0, -1)}0` }) as const

/** A key as an answer shows it. */
export interface Seen {
  readonly key: string
  readonly value: string | null
  /** 0 = missing. */
  readonly mod: number
}

export function seenOf(key: string, { value, modRevision }: Completion): Seen {
  return { key, value: (value ?? null) as string | null, mod: modRevision ?? 0 }
}

export function listed({ value }: Completion): readonly Seen[] {
  const items = value as readonly (readonly [string, string, number])[]
  return items.map(([key, text, mod]) => ({ key, value: text, mod }))
}

export const unchanged = ({ key, mod }: Seen) => [key, 'mod', '=', mod] as const
