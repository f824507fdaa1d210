import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { UserAndPassword } from '../../client/auth.ts'
import { InputError, messageOf } from '../../core/errors.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { Place } from '../../verify/look-at-endpoint.ts'
import type { OptionTable } from './table.ts'
import { anyText } from './value.ts'

/** The files with which a cluster of the user's is reached, as etcdctl's options of these names. */
export const accessOptions = {
  cacert: {
    flags: '--cacert <file>',
    description: 'CA that vouches for the endpoints, PEM',
    value: anyText,
  },
  cert: { flags: '--cert <file>', description: "the client's certificate, PEM", value: anyText },
  key: { flags: '--key <file>', description: 'its key, PEM', value: anyText },
} as const satisfies OptionTable

/** How the user says that a cluster is reached. */
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
export function endpointsOf({ endpoints = '', cacert }: AccessOptions): string[] {
  const urls = urlsOf('--endpoints', endpoints, cacert === undefined ? 'http' : 'https')
  expectCa(urls, cacert)
  return urls
}

/** The endpoints, each with where its HTTP pages are. Throws an InputError as `endpointsOf` does. */
export function placesOf({ httpEndpoints, ...access }: AccessOptions): Place[] {
  const urls = endpointsOf(access)
  const http =
    httpEndpoints === undefined ? urls : urlsOf('--http-endpoints', httpEndpoints, 'http')
  if (http.length !== urls.length) {
    throw new InputError(
      `Expected \`--http-endpoints\` to be one for each of ${urls.length} endpoints, got ${http.length}`,
    )
  }
  expectCa(http, access.cacert)
  return urls.map((url, index) => ({ url, httpUrl: http[index] ?? url }))
}

function expectCa(urls: readonly string[], cacert: string | undefined): void {
  const secure = urls.find((url) => url.startsWith('https:'))
  if (secure === undefined || cacert !== undefined) return
  throw new InputError(`Expected \`--cacert\` for ${secure}, got none`)
}

function urlsOf(option: string, list: string, scheme: string): string[] {
  const texts = list.split(',').map((text) => text.trim())
  const urls = [...new Set(texts.map((text) => toUrl(option, text, scheme)))]
  if (urls.length <= mostEndpoints) return urls
  throw new InputError(`Expected \`${option}\` to be at most ${mostEndpoints}, got ${urls.length}`)
}

/** etcdctl takes `host:port`, too; a host alone would be port 80, where no etcd is. */
function toUrl(option: string, text: string, scheme: string): string {
  const full = /:\d+\/?$/.test(text) && !text.includes('://') ? `${scheme}://${text}` : text
  const url = URL.parse(full)
  const isBare = url !== null && /^\/?$/.test(url.pathname + url.search + url.hash)
  if (isBare && /^https?:$/.test(url.protocol) && url.username === '') {
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
