import { etcd } from '../../../harness/index.ts'

/** A key as a linearizable read through one member returns it; empty without the key. */
export async function readKey(
  client: etcd.MemberClient,
  key: string,
): Promise<readonly etcd.KeyValue[]> {
  return (await etcd.range(client, { key })).kvs
}
