import { EnvironmentError } from '../errors.ts'
import { agentFor, sendOnce } from '../network/http.ts'

/*
 * Failpoints are named places in etcd's code at which a binary that was built with gofail can be made to
 * panic or to sleep, over HTTP: https://github.com/etcd-io/gofail.
 */

/** What happens at each failpoint, by name: terms such as `off` or `sleep(100)`; empty for none. */
export type Failpoints = ReadonlyMap<string, string>

/** All failpoints of the process. Throws when it does not answer. */
export async function readFailpoints(endpoint: string): Promise<Failpoints> {
  return parseFailpoints(await ask(endpoint, ''))
}

export function parseFailpoints(text: string): Failpoints {
  const lines = text.split('\n').filter((line) => line.includes('='))
  return new Map(
    lines.map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

/** How often a failpoint was passed since it got its terms. */
export async function countPasses(endpoint: string, name: string): Promise<number> {
  return Number(await ask(endpoint, `${name}/count`))
}

/** Gives a failpoint its terms: `off` does nothing and counts. Its count begins again. */
export async function setFailpoint(endpoint: string, name: string, terms: string): Promise<void> {
  await ask(endpoint, name, terms)
}

const timeoutMs = 2_000

async function ask(endpoint: string, path: string, body?: string): Promise<string> {
  const agent = agentFor(undefined)
  try {
    const url = new URL(`/${path}`, endpoint)
    const put = body === undefined ? {} : ({ method: 'PUT', body } as const)
    const { statusCode, body: answer } = await sendOnce({ url, agent, timeoutMs, ...put })
    if (statusCode < 300) return answer
    const got = `${statusCode} ${answer.trim()}`
    throw new EnvironmentError(`Expected ${url.href} to answer for its failpoints, got: ${got}`)
  } finally {
    agent.destroy()
  }
}
