import { featuresOf } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { http } from './connection.ts'

/** Keys and values as the gateway takes them. */
export const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The answer to a call under the version's prefix. Throws a SyntaxError when it is no JSON. */
export async function call(
  context: TopicContext,
  path: string,
  body: object,
  index = 1,
): Promise<Json> {
  using asking = http(context, index)
  const { gatewayPrefix } = featuresOf(context.drill.cluster.spec.version)
  const answer = await asking.post(`${gatewayPrefix}${path}`, body)
  return JSON.parse(answer.body)
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of etcd, compared as a whole.
type Json = any
