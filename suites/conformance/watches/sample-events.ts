import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

/** Puts a three times and deletes it once, with a put of b between; resolves to the revisions. */
export async function writeSamples({ client }: TopicContext, within: string): Promise<number[]> {
  const put = async (name: string, value: string) =>
    (await etcd.put(client(0), { key: `${within}${name}`, value })).revision
  const revisions = [await put('a', '1'), await put('b', '1'), await put('a', '2')]
  const { revision } = await etcd.deleteKeys(client(0), { key: `${within}a` })
  return [...revisions, revision, await put('a', '3')]
}

/** What a watch of all of it receives. */
export const sampleEvents = ['put a=1', 'put b=1', 'put a=2', 'delete a', 'put a=3']

export const keysBelow = (prefix: string) => ({ key: prefix, end: etcd.prefixEnd(prefix) })
