import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { UserAndPassword } from '../client/auth.ts'
import { InputError, messageOf } from '../core/errors.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { Place } from '../verify/look-at-endpoint.ts'

/** How the user says that a cluster is reached, as etcdctl's options of these names. */
export interface AccessOptions {
  readonly endpoints?: string
  readonly httpEndpoints?: string
  readonly cacert?: string
  readonly cert?: string
  readonly key?: string
}

const mostEndpoints = 32

/**
 * The endpoints, each once. Throws an InputError for what is no URL, and for https without a CA: what
 * vouches for a cluster is the user's to say.
 */
export function placesOf({ endpoints = '', httpEndpoints, cacert }: AccessOptions): Place[] {
  const scheme = cacert === undefined ? 'http' : 'https'
  const urls = urlsOf('--endpoints', endpoints, scheme)
  const http =
    httpEndpoints === undefined ? urls : urlsOf('--http-endpoints', httpEndpoints, 'http')
  if (http.length !== urls.length) {
    throw new InputError(
      `Expected \`--http-endpoints\` to be one for each of ${urls.length} endpoints, got ${http.length}`,
    )
  }
  const secure = [...urls, ...http].find((url) => url.startsWith('https:'))
  if (secure !== undefined && cacert === undefined) {
    throw new InputError(`Expected \`--cacert\` for ${secure}, got none`)
  }
  return urls.map((url, index) => ({ url, httpUrl: http[index] ?? url }))
}

function urlsOf(option: string, list: string, scheme: string): string[] {
  const texts = list.split(',').map((text) => text.trim())
  const urls = [...new Set(texts.map((text) => toUrl(option, text, scheme)))]
  if (urls.length <= mostEndpoints) return urls
  throw new InputError(`Expected \`${option}\` to be at most ${mostEndpoints}, got ${urls.length}`)
}

/** etcdctl takes `host:port`, too. */
function toUrl(option: string, text: string, scheme: string): string {
  const full = /^[a-z]+:\/\//.test(text) ? text : `${scheme}://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  const isBare = url !== undefined && /^\/?$/.test(url.pathname + url.search + url.hash)
  if (url !== undefined && /^https?:$/.test(url.protocol) && isBare && url.username === '') {
    return url.origin
  }
  const expected = 'URLs such as https://10.0.0.1:2379, separated by commas'
  throw new InputError(`Expected \`${option}\` to be ${expected}, got \`${text}\``)
}

/** Throws an InputError for a file that is not there or not PEM, and for a key of another pair. */
export function readCredentials({ cacert, cert, key }: AccessOptions): TlsCredentials | undefined {
  if ((cert === undefined) !== (key === undefined)) {
    throw new InputError('Expected `--cert` and `--key` together, got one of them')
  }
  if (cacert === undefined) {
    if (cert === undefined) return undefined
    throw new InputError('Expected `--cacert` beside `--cert` and `--key`, got none')
  }
  const caPem = readPem('--cacert', cacert)
  parse('--cacert', cacert, () => new X509Certificate(caPem))
  if (cert === undefined || key === undefined) return { caPem }
  const [certPem, keyPem] = [readPem('--cert', cert), readPem('--key', key)]
  const certificate = parse('--cert', cert, () => new X509Certificate(certPem))
  const privateKey = parse('--key', key, () => createPrivateKey(keyPem))
  if (certificate.checkPrivateKey(privateKey)) return { caPem, certPem, keyPem }
  throw new InputError(`Expected \`--key\` ${key} to be the key of ${cert}, got another`)
}

function readPem(option: string, file: string): string {
  return parse(option, file, () => readFileSync(file, 'utf8'))
}

function parse<T>(option: string, file: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const found = messageOf(cause)
    throw new InputError(`Expected \`${option}\` to be PEM at ${file}, got: ${found}`, {}, cause)
  }
}

/** `name:password`; a password may hold colons. Throws an InputError for a text without one. */
export function parseUser(text: string): UserAndPassword {
  const [, name, password] = /^([^:]+):(.+)$/s.exec(text) ?? []
  if (name !== undefined && password !== undefined) return { name, password }
  throw new InputError('Expected `--user` to be name:password, got a text without a colon in it')
}
