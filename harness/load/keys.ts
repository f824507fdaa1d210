import { InputError } from '../core/errors.ts'
import type { ClosedLoad } from './generator.ts'

/** The length of keys on etcd's own benchmark page. */
export const keyBytes = 8

/** The keys that one client writes in turn: every `clients`-th, so that no two clients share one. */
export function keysOf(client: number, { clients, keys }: ClosedLoad): string[] {
  if (keys < clients) {
    throw new InputError(`Expected at least as many keys as clients (${clients}), got ${keys}`)
  }
  const own = Math.floor((keys - 1 - client) / clients) + 1
  return Array.from({ length: own }, (_, turn) => keyAt(client + turn * clients))
}

const keyAt = (index: number): string => `b${String(index).padStart(keyBytes - 1, '0')}`

/** Varied characters, so that nothing on the way can compress the value. */
export function loadValue({ valueBytes }: ClosedLoad): string {
  let state = 1
  return Array.from({ length: valueBytes }, () => {
    state = (state * 48_271) % 2_147_483_647
    return alphabet[state % alphabet.length]
  }).join('')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
