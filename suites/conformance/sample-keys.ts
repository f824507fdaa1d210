import { etcd } from '../../harness/index.ts'
import type { TopicContext } from './topic.ts'

/** What the parts read, in the order in which it is written. */
export const sampleNames = ['b', 'a', 'd', 'c'] as const

export interface SampleKeys {
  readonly prefix: string
  /** The revision that each put made. */
  readonly revisions: readonly number[]
  read(request: Partial<etcd.RangeRequest>, through?: number): Promise<etcd.RangeResult>
  names(request: Partial<etcd.RangeRequest>): Promise<string[]>
}

/** Four keys, written once each; the last of them, c, once more. Values are in the other order. */
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
