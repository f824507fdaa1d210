import { Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { execute } from './execute.ts'
import { createLogin } from './login.ts'
import { connectMember } from './member-client.ts'
import { serviceOf } from './proto.ts'

const get = { kind: 'get', key: 'k', memberIndex: 0 } as const
const user = { name: 'app', password: 'secret' }

interface Tokens {
  /** The one that the member knows; a restart forgets it. */
  valid: string
  logins: number
  refuses: boolean
}

/** Answers as a member with authentication on does. */
async function startMember(tokens: Tokens) {
  const reads: string[] = []
  const server = new Server()
  server.addService(serviceOf('Auth'), {
    Authenticate: (_call: unknown, reply: sendUnaryData<object>) => {
      if (tokens.refuses) return reply({ code: status.UNAVAILABLE, details: 'no leader' })
      tokens.valid = `token.${++tokens.logins}`
      reply(null, { token: tokens.valid })
    },
  })
  server.addService(serviceOf('KV'), {
    Range: (call: { metadata: { get(name: string): unknown[] } }, reply: sendUnaryData<object>) => {
      const [token] = call.metadata.get('token')
      reads.push(String(token))
      if (token === tokens.valid) return reply(null, { header: { revision: 1 }, kvs: [], count: 0 })
      reply({ code: status.UNAUTHENTICATED, details: 'etcdserver: invalid auth token' })
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  onTestFinished(() => server.forceShutdown())
  return { endpoint: `http://127.0.0.1:${port}`, reads }
}

function clientsOf(endpoint: string) {
  const login = createLogin(user)
  const open = () => {
    const client = connectMember({ member: 'm1', endpoint, timeoutMs: 60_000, login })
    onTestFinished(client.close)
    return client
  }
  return [open(), open()] as const
}

test('clients of a user share one token', async () => {
  const tokens = { valid: '', logins: 0, refuses: false }
  const { endpoint } = await startMember(tokens)
  const [one, other] = clientsOf(endpoint)
  const answers = await Promise.all([one, other, one].map((client) => execute(client, get)))
  expect(answers.map(({ type }) => type)).toEqual(['ok', 'ok', 'ok'])
  expect(tokens.logins).toBe(1)
})

test('a forgotten token fails one request, which is not repeated, and is replaced', async () => {
  const tokens = { valid: '', logins: 0, refuses: false }
  const { endpoint, reads } = await startMember(tokens)
  const [client] = clientsOf(endpoint)
  await execute(client, get)
  tokens.valid = 'of another life'
  expect(await execute(client, get)).toMatchObject({
    type: 'fail',
    error: expect.stringContaining('invalid auth token'),
  })
  expect(await execute(client, get)).toMatchObject({ type: 'ok' })
  expect(reads).toEqual(['token.1', 'token.1', 'token.2'])
})

test('a request without a token is not sent, and certainly did not happen', async () => {
  const tokens = { valid: '', logins: 0, refuses: true }
  const { endpoint, reads } = await startMember(tokens)
  const [client] = clientsOf(endpoint)
  expect(await execute(client, get)).toMatchObject({
    type: 'fail',
    error: expect.stringContaining('Not sent without a token: 14 UNAVAILABLE: no leader'),
  })
  expect(reads).toEqual([])
})
