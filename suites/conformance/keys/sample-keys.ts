import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

/** Keys that the parts read, in the order of their writes. */
export const sampleNames = ['b', 'a', 'd', 'c'] as const

export interface SampleKeys {
  readonly prefix: string
  /** The revision of each put. */
  readonly revisions: readonly number[]
  read(request: Partial<etcd.RangeRequest>, through?: number): Promise<etcd.RangeResult>
  names(request: Partial<etcd.RangeRequest>): Promise<string[]>
}

/** Writes four keys, and the last one, c, again. Values are in another order than keys. */
export async function fillSampleKeys(
  { client, prefix }: TopicContext,
  part: string,
): Promise<SampleKeys> {
  const within = `${prefix}${part}/`
  const revisions: number[] = []
  for (const name of [...sampleNames, 'c']) {
    const value = `${9 - sampleNames.indexOf(name as 'a')}`
    revisions.push((await etcd.put(client(0), { key: `${within}${name}`, value })).revision)
  }
  const all = { key: within, end: etcd.prefixEnd(within) }
  const read: SampleKeys['read'] = (request, through = 1) =>
    etcd.range(client(through), { ...all, ...request })
  const names: SampleKeys['names'] = async (request) =>
    (await read(request)).kvs.map(({ key }) => key.slice(within.length))
  return { prefix: within, revisions, read, names }
}
