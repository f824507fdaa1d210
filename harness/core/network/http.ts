import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { DeadlineError } from '../errors.ts'
import type { TlsCredentials } from './tls-credentials.ts'

/** An answer of any status, its body read whole as UTF-8. */
export interface HttpResponse {
  readonly statusCode: number
  readonly body: string
}

/** Kept-alive connections; with a CA over TLS, verified against it and the host. */
export function agentFor(pem: TlsCredentials | undefined): HttpAgent {
  if (pem === undefined) return new HttpAgent({ keepAlive: true })
  const { caPem, certPem, keyPem } = pem
  return new HttpsAgent({ keepAlive: true, ca: caPem, cert: certPem, key: keyPem })
}

/** One request, tried once: by default a POST when it has a body. A DeadlineError when it is not answered. */
export function sendOnce(options: {
  readonly url: URL
  readonly agent: HttpAgent
  readonly timeoutMs: number
  readonly body?: string | undefined
  readonly method?: 'PUT'
  readonly headers?: Readonly<Record<string, string>>
}): Promise<HttpResponse> {
  const { url, agent, timeoutMs, body, headers = {} } = options
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const method = options.method ?? (body === undefined ? 'GET' : 'POST')
  const request = send(url, { agent, method, headers }, (response) => {
    readText(response).then((text) => {
      resolve({ statusCode: response.statusCode ?? 0, body: text })
    }, reject)
  })
  const timer = setTimeout(() => {
    request.destroy(new DeadlineError(`Waited ${timeoutMs} ms for an answer of ${url.href}`))
  }, timeoutMs)
  request.on('error', reject)
  request.end(body)
  return promise.finally(() => clearTimeout(timer))
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk
  return text
}
