import type { Random } from '../core/random.ts'
import type { Completion } from '../history/recorder.ts'
import type { Request, Transaction } from '../history/request.ts'

/** A request about a lease, which `leases.jsonl` notes. */
export type LeaseRequest =
  | { readonly kind: 'grant'; readonly lease: string; readonly ttlS: number }
  | { readonly kind: 'keepalive' | 'revoke'; readonly lease: string }

/** What a client does next. */
type Ask =
  | Request
  | LeaseRequest
  /** Not noted anywhere: forgets what was before the revision. */
  | { readonly kind: 'compact'; readonly revision: number }
  /** Begins to watch every key from that revision on, at the member that was asked last. */
  | { readonly kind: 'watch'; readonly fromRevision: number }
  /** Not a request: notes in the history that these keys may go when the lease ends. */
  | { readonly kind: 'may-expire'; readonly lease: string; readonly keys: readonly string[] }
  | { readonly kind: 'wait'; readonly ms: number }

/** `tolerant`: handed whatever comes back. Otherwise anything but `ok` ends the turn. */
export type Step = Ask & { readonly tolerant?: true }

export type Turn = Generator<Step, void, Completion>

/** One client of a program. What it remembers outlives its processes. */
export interface Client {
  /** From beginning to end, again and again. One that was ended goes no further. */
  turn(): Turn
  /** What is still to be asked once no more turns are taken. */
  finish?(): Turn
}

/** Where a client is. */
export interface Place {
  /** From 0. */
  readonly client: number
  readonly random: Random
  /** How long after its time a lease may still be there. */
  readonly leaseSlackMs: number
}

export type Program = (place: Place) => Client

/** Text that the program gives to no other of its values. */
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

/** All keys that begin with a prefix, which ends with a slash. */
export const under = (prefix: string) =>
  ({ kind: 'range', key: prefix, end: `${prefix.slice(0, -1)}0` }) as const

/** A key as an answer told of it. */
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
