import {
  type Client,
  InterceptingCall,
  type Interceptor,
  type Metadata,
  Metadata as NewMetadata,
  status,
} from '@grpc/grpc-js'
import { messageOf } from '../core/errors.ts'
import { methodOf } from './proto.ts'

/** What a user logs in with, where authentication is by password. */
export interface UserAndPassword {
  readonly name: string
  readonly password: string
}

/**
 * A user with its tokens, one for each member: a member forgets simple tokens when it restarts. All
 * clients of the user share it, because a token costs etcd tens of milliseconds of bcrypt and a quorum.
 */
export interface Login {
  readonly user: UserAndPassword
  readonly tokens: Map<string, Promise<string | undefined>>
}

export const createLogin = (user: UserAndPassword): Login => ({ user, tokens: new Map() })

/** How the error of a request begins that was not sent, because there was no token for it. */
export const noToken = 'Not sent without a token'

const authenticatePath = '/etcdserverpb.Auth/Authenticate'
const isOfToken = /invalid auth token|auth store is old/

/**
 * Gives each request of a channel the user's token, and asks for another when etcd rejected the last
 * one; the rejected request is not sent again. A request that has a token of its own keeps it.
 */
export function tokenInterceptor(
  { user, tokens }: Login,
  { endpoint, channel, timeoutMs }: { endpoint: string; channel: () => Client; timeoutMs: number },
): Interceptor {
  const tokenNow = () => {
    const present = tokens.get(endpoint)
    if (present !== undefined) return present
    const fresh = authenticate(channel(), user, timeoutMs)
    tokens.set(endpoint, fresh)
    fresh.catch(() => tokens.delete(endpoint))
    return fresh
  }
  return (options, nextCall) => {
    const call = nextCall(options)
    if (options.method_definition.path === authenticatePath) return new InterceptingCall(call)
    return new InterceptingCall(call, {
      start: async (metadata, listener, next) => {
        if (metadata.get('token').length > 0) return next(metadata, listener)
        const token = tokenNow()
        const fail = (why: string) => {
          const failed = { code: status.UNAVAILABLE, details: `${noToken}: ${why}` }
          listener.onReceiveStatus({ ...failed, metadata: new NewMetadata() })
          call.cancelWithStatus(status.CANCELLED, noToken)
        }
        const forgetIf = (details: string | undefined) => {
          if (isOfToken.test(details ?? '') && tokens.get(endpoint) === token) {
            tokens.delete(endpoint)
          }
        }
        try {
          const found = await token
          if (isPast(options.deadline)) return fail('it came after the deadline')
          next(withToken(metadata, found), {
            onReceiveMessage: (message, pass) => {
              // A watch reports it in an answer.
              forgetIf(message?.cancelReason)
              pass(message)
            },
            onReceiveStatus: (ended, pass) => {
              forgetIf(ended.details)
              pass(ended)
            },
          })
        } catch (thrown) {
          fail(messageOf(thrown))
        }
      },
    })
  }
}

function withToken(metadata: Metadata, token: string | undefined): Metadata {
  const own = metadata.clone()
  if (token !== undefined) own.set('token', token)
  return own
}

const isPast = (deadline: Date | number | undefined): boolean =>
  deadline !== undefined && Number(deadline) <= Date.now()

/** Undefined where authentication is off: in a new cluster. */
function authenticate(
  channel: Client,
  user: UserAndPassword,
  timeoutMs: number,
): Promise<string | undefined> {
  const { path, requestSerialize, responseDeserialize } = methodOf<
    UserAndPassword,
    { readonly token: string }
  >('Auth', 'Authenticate')
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  const deadline = Date.now() + timeoutMs
  channel.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    user,
    { deadline },
    (error, answer) => {
      if (error === null) resolve(answer?.token)
      else if (error.details.includes('authentication is not enabled')) resolve(undefined)
      else reject(error)
    },
  )
  return promise
}
