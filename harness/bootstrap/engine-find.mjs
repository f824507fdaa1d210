import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * @typedef {{ host: string, origin: string }} EngineAddress `host` as DOCKER_HOST would have it
 * @typedef {EngineAddress & { problem: string }} Attempt
 * @typedef {{ status: number, body: Buffer }} EngineAnswer
 */

export const defaultHost = 'unix:///var/run/docker.sock'

/**
 * Finds the first container engine that answers: at DOCKER_HOST alone when it is set, else at the
 * current docker context, the usual sockets, rootless ones, Podman's.
 * @returns {Promise<EngineAddress | undefined>}
 */
export async function findEngine() {
  return (await searchEngine()).found
}

/**
 * As findEngine, with the addresses that did not answer, and why.
 * @returns {Promise<{ found: EngineAddress | undefined, attempts: Attempt[] }>}
 */
export async function searchEngine() {
  /** @type {Attempt[]} */
  const attempts = []
  for (const address of engineAddresses()) {
    try {
      const { status } = await engineRequest(address.host, '/_ping', { timeoutMs: 3_000 })
      if (status === 200) return { found: address, attempts }
      attempts.push({ ...address, problem: `answered ${status}` })
    } catch (error) {
      attempts.push({ ...address, problem: String(/** @type {any} */ (error).code ?? error) })
    }
  }
  return { found: undefined, attempts }
}

/**
 * One request to the engine's API, tried once. `path` without the API version gets the engine's
 * own. A TLS address takes its certificates from DOCKER_CERT_PATH, as docker does.
 * @param {string} host
 * @param {string} path
 * @param {{ method?: string, body?: unknown, timeoutMs?: number }} [options]
 * @returns {Promise<EngineAnswer>}
 */
export function engineRequest(host, path, { method = 'GET', body, timeoutMs = 10_000 } = {}) {
  const { client, options } = transportOf(host)
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const headers = sent === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const request = client.request({ ...options, method, path, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
      )
      response.on('error', reject)
    })
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer from ${host} within ${timeoutMs} ms`)),
      timeoutMs,
    )
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.end(sent)
  })
}

/** @param {string} host */
function transportOf(host) {
  if (host.startsWith('unix://')) {
    return {
      client: http,
      options: { socketPath: host.slice('unix://'.length), host: 'localhost' },
    }
  }
  if (host.startsWith('ssh:')) {
    throw new Error(
      'ssh is not supported; forward its socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST',
    )
  }
  const url = new URL(host.replace(/^tcp:/, 'http:'))
  const address = { host: url.hostname, port: url.port === '' ? 2375 : Number(url.port) }
  const isTls = url.protocol === 'https:' || (process.env.DOCKER_TLS_VERIFY ?? '') !== ''
  if (!isTls) return { client: http, options: address }
  const folder = process.env.DOCKER_CERT_PATH ?? join(homedir(), '.docker')
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name))
  const certificates = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  return { client: https, options: { ...address, ...certificates } }
}

/** @returns {EngineAddress[]} */
function engineAddresses() {
  const asked = process.env.DOCKER_HOST
  if (asked !== undefined && asked !== '') return [{ host: asked, origin: 'DOCKER_HOST' }]
  const runtime = process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`
  const home = homedir()
  const sockets = [
    '/var/run/docker.sock',
    `${runtime}/docker.sock`,
    `${runtime}/.docker/run/docker.sock`,
    `${home}/.docker/run/docker.sock`,
    `${home}/.docker/desktop/docker.sock`,
    `${home}/.colima/default/docker.sock`,
    `${home}/.orbstack/run/docker.sock`,
    `${home}/.rd/docker.sock`,
    `${runtime}/podman/podman.sock`,
    '/run/podman/podman.sock',
    `${home}/.local/share/containers/podman/machine/podman.sock`,
  ]
  return [
    ...contextAddress(home),
    ...sockets
      .filter((path) => existsSync(path))
      .map((path) => ({ host: `unix://${path}`, origin: 'socket' })),
  ]
}

/**
 * The address of docker's current context. The docker client follows it, testcontainers does not.
 * @param {string} home
 * @returns {EngineAddress[]}
 */
function contextAddress(home) {
  try {
    const folder = process.env.DOCKER_CONFIG ?? join(home, '.docker')
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    const name = process.env.DOCKER_CONTEXT ?? config.currentContext
    if (name === undefined || name === 'default') return []
    const id = createHash('sha256').update(name).digest('hex')
    const meta = JSON.parse(readFileSync(join(folder, 'contexts/meta', id, 'meta.json'), 'utf8'))
    return [{ host: meta.Endpoints.docker.Host, origin: `docker context ${name}` }]
  } catch {
    return []
  }
}
