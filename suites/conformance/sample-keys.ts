import { etcd } from '../../harness/index.ts'
import type { Bench } from './topic.ts'

/** What the parts read, in the order in which it is written. */
export const written = ['b', 'a', 'd', 'c'] as const

export interface Shelf {
  readonly prefix: string
  /** The revision that each put made. */
  readonly revisions: readonly number[]
  read(request: Partial<etcd.RangeRequest>, through?: number): Promise<etcd.RangeResult>
  names(request: Partial<etcd.RangeRequest>): Promise<string[]>
}

/** Four keys, written once each; the last of them, c, once more. Values are in the other order. */
export async function fill({ client, prefix }: Bench, part: string): Promise<Shelf> {
  const within = `${prefix}${part}/`
  const revisions: number[] = []
  for (const name of [...written, 'c']) {
    const value = `${9 - written.indexOf(name as 'a')}`
    revisions.push((await etcd.put(client(0), { key: `${within}${name}`, value })).revision)
  }
  const all = { key: within, end: etcd.prefixEnd(within) }
  const read: Shelf['read'] = (request, through = 1) =>
    etcd.range(client(through), { ...all, ...request })
  const names: Shelf['names'] = async (request) =>
    (await read(request)).kvs.map(({ key }) => key.slice(within.length))
  return { prefix: within, revisions, read, names }
}
