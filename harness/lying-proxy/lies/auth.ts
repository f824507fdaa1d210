import { acknowledgesOnly, altersAnswer } from '../interceptors.ts'
import type { Lie, StartLie } from '../lie.ts'
import { decodeAnswer, decodeRequest, encodeAnswer } from '../messages.ts'
import { authEnable, authenticate, isOf, roleRevokePermission, userList } from '../methods.ts'

const kind = 'auth'
const scenario = 'conformance/auth'

interface WireUser {
  readonly name: string
  readonly password: string
}

/** A user may do what it must not, or must not do what it may. */
export const authLies: readonly Lie[] = [
  {
    kind,
    name: 'permission-not-enforced',
    says: 'does for every user what root may do',
    every: 1,
    detection: { scenario, id: 'put-needs-write-permission' },
    start: actsAsRoot(),
  },
  {
    kind,
    name: 'wrong-password-accepted',
    says: 'gives a token for a wrong password',
    every: 1,
    detection: { scenario, id: 'wrong-password-rejected' },
    start: (isDue) => ({
      answer: async (exchange) => {
        if (!isOf(exchange, authenticate)) return exchange.forward()
        return exchange.forward().catch((error) => {
          if (!isDue()) throw error
          return encodeAnswer(authenticate, { token: 'invented.1' })
        })
      },
    }),
  },
  {
    kind,
    name: 'auth-enabling-acknowledged-only',
    says: 'acknowledges that it enables authentication, and does not',
    every: 1,
    detection: { scenario, id: 'auth-enable-needs-root-user' },
    start: acknowledgesOnly(authEnable),
  },
  {
    kind,
    name: 'permission-revocation-acknowledged-only',
    says: 'acknowledges that it revokes a permission, and does not',
    every: 1,
    detection: { scenario, id: 'revoked-permission-ends-at-once' },
    start: acknowledgesOnly(roleRevokePermission),
  },
  {
    kind,
    name: 'user-unlisted',
    says: 'leaves a user out of the list of users',
    every: 1,
    detection: { scenario, id: 'every-user-listed' },
    start: altersAnswer<{ readonly users: readonly string[] }>(
      userList,
      ({ users, ...answer }) => ({
        ...answer,
        users: users.slice(1),
      }),
    ),
  },
]

/** Sends every request with the latest token of root. */
function actsAsRoot(): StartLie {
  return (isDue) => {
    let root: string | undefined
    return {
      answer: async (exchange) => {
        if (isOf(exchange, authenticate)) {
          const bytes = await exchange.forward()
          const { name } = decodeRequest<WireUser>(authenticate, exchange.request)
          if (name === 'root')
            root = decodeAnswer<{ readonly token: string }>(authenticate, bytes).token
          return bytes
        }
        if (exchange.token === undefined || root === undefined || !isDue())
          return exchange.forward()
        return exchange.forward({ token: root })
      },
    }
  }
}
