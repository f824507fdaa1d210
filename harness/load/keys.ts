import { InputError } from '../core/errors.ts'
import type { Load } from './generator.ts'

/** The length of keys on etcd's own benchmark page. */
export const keyBytes = 8

type KeySpace = Pick<Load, 'clients' | 'keys' | 'keyBytes' | 'keyPrefix'>

/**
 * The number of a client's key at one of its turns: every `clients`-th key, over and over, so that no
 * two clients share one. Throws an InputError for fewer keys than clients.
 */
export function keyNumbers(client: number, { clients, keys }: KeySpace): (turn: number) => number {
  if (keys < clients) {
    throw new InputError(`Expected at least as many keys as clients (${clients}), got ${keys}`)
  }
  const own = Math.floor((keys - 1 - client) / clients) + 1
  return (turn) => client + (turn % own) * clients
}

/** The name of a key. Throws an InputError when the length has no room for its number. */
export function keyAt(number: number, { keyBytes, keyPrefix }: KeySpace): string {
  const digits = String(number)
  const room = keyBytes - keyPrefix.length
  if (digits.length <= room) return keyPrefix + digits.padStart(room, '0')
  throw new InputError(
    `Expected keys of at least ${keyPrefix.length + digits.length} bytes for ${number + 1} keys under \`${keyPrefix}\`, got ${keyBytes}`,
  )
}

/** The keys that one client writes in turn. */
export function keysOf(client: number, load: KeySpace): string[] {
  const numberAt = keyNumbers(client, load)
  const own = Math.floor((load.keys - 1 - client) / load.clients) + 1
  return Array.from({ length: own }, (_, turn) => keyAt(numberAt(turn), load))
}

/** Varied characters, so that nothing on the way can compress the value. */
export function loadValue({ valueBytes }: Pick<Load, 'valueBytes'>): string {
  let state = 1
  return Array.from({ length: valueBytes }, () => {
    state = (state * 48_271) % 2_147_483_647
    return alphabet[state % alphabet.length]
  }).join('')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
