import type { ClusterSpec } from './spec.ts'

export interface EtcdUser {
  readonly name: string
  readonly password: string
}

/**
 * The users of a cluster with authentication on. The passwords protect nothing: the cluster lives for
 * a test, on loopback.
 */
export const authUsers = {
  /** The harness: it administers. */
  root: { name: 'root', password: 'root-password' },
  /** The workload: it may use the keys of `userKeys` and administers nothing. */
  app: { name: 'app', password: 'app-password' },
  /** It may use the keys of `guestKeys` until the middle of the first fault. */
  guest: { name: 'guest', password: 'guest-password' },
} as const satisfies Record<string, EtcdUser>

export type AuthUser = keyof typeof authUsers

/** Every key that a workload uses: those that begin with a printable character but a space. */
export const userKeys = { key: '!', end: '~~' } as const
export const guestKeys = { key: ' guest/', end: ' guest0' } as const

/**
 * The password with which a user of this cluster logs in; undefined where it shows a certificate
 * instead, or authentication is off. The harness shows one wherever clients have certificates, so that
 * it needs no token, which takes a quorum.
 */
export function loginOf({ auth, tls }: ClusterSpec, user: AuthUser): EtcdUser | undefined {
  if (auth?.by !== 'password') return undefined
  return user === 'root' && tls.client === 'mutual' ? undefined : authUsers[user]
}
