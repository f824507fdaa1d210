import { acknowledgesOnly, altersAnswer } from '../interceptors.ts'
import type { Exchange, Interceptor, Lie, Method, StartLie } from '../lie.ts'
import { decodeAnswer, decodeRequest, encodeAnswer } from '../messages.ts'
import {
  authEnable,
  authenticate,
  deleteRange,
  isOf,
  memberRemove,
  range,
  roleDelete,
  roleGet,
  roleRevokePermission,
  userGet,
  userList,
} from '../methods.ts'

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
    start: actsAsRoot(() => true),
  },
  {
    kind,
    name: 'permission-rarely-not-enforced',
    says: 'reads for a user what root may read',
    every: 10,
    detection: { scenario, id: 'read-beside-permission' },
    start: actsAsRoot((method) => isOf(method, range)),
  },
  {
    kind,
    name: 'administration-not-enforced',
    says: 'lists users and their roles for every user',
    every: 1,
    detection: { scenario, id: 'user-list-needs-root' },
    start: actsAsRoot((method) => [userList, userGet].some((each) => isOf(method, each))),
  },
  {
    kind,
    name: 'permission-end-ignored',
    says: 'deletes a whole range where the user may write its first key',
    every: 1,
    detection: { scenario, id: 'delete-beyond-permission' },
    start: actsAsRoot((method) => isOf(method, deleteRange), isRange),
  },
  {
    kind,
    name: 'membership-not-enforced',
    says: 'removes members for every user',
    every: 1,
    detection: { scenario, id: 'membership-needs-root' },
    start: actsAsRoot((method) => isOf(method, memberRemove)),
  },
  {
    kind,
    name: 'wrong-password-accepted',
    says: 'gives a token for a wrong password',
    every: 1,
    detection: { scenario, id: 'wrong-password-rejected' },
    start: acceptsWrongPassword,
  },
  {
    kind,
    name: 'wrong-password-accepted-at-last',
    says: 'gives a token for the second wrong password',
    every: 2,
    detection: { scenario, id: 'wrong-password-rejected' },
    start: acceptsWrongPassword,
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
    name: 'role-deletion-acknowledged-only',
    says: 'acknowledges that it deletes a role, and does not',
    every: 1,
    detection: { scenario, id: 'deleted-role-ends-permissions' },
    start: acknowledgesOnly(roleDelete),
  },
  {
    kind,
    name: 'roles-of-user-hidden',
    says: 'answers that a user has no roles',
    every: 1,
    detection: { scenario, id: 'user-has-its-roles' },
    start: altersAnswer(userGet, (answer) => ({ ...answer, roles: [] })),
  },
  {
    kind,
    name: 'permission-hidden',
    says: 'leaves the first permission of a role out',
    every: 1,
    detection: { scenario, id: 'role-has-its-permissions' },
    start: altersAnswer<{ readonly perm: readonly object[] }>(roleGet, ({ perm, ...answer }) => ({
      ...answer,
      perm: perm.slice(1),
    })),
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

/** etcd itself rejects the password; the token that the answer names is of no use. */
function acceptsWrongPassword(isDue: () => boolean): Interceptor {
  return {
    answer: async (exchange) => {
      if (!isOf(exchange, authenticate)) return exchange.forward()
      return exchange.forward().catch((error) => {
        if (!isDue()) throw error
        return encodeAnswer(authenticate, { token: 'invented.1' })
      })
    },
  }
}

function isRange({ request }: Exchange): boolean {
  return decodeRequest<{ readonly rangeEnd: Buffer }>(deleteRange, request).rangeEnd.length > 0
}

/** Sends the requests of users with the latest token of root. */
function actsAsRoot(
  isMeant: (method: Method) => boolean,
  isOpportunity: (exchange: Exchange) => boolean = () => true,
): StartLie {
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
        const mayAct = exchange.token !== undefined && root !== undefined
        if (!mayAct || !isMeant(exchange) || !isOpportunity(exchange) || !isDue())
          return exchange.forward()
        return exchange.forward({ token: root })
      },
    }
  }
}
