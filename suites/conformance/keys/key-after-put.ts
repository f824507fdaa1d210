import type { etcd } from '../../../harness/index.ts'

/** A key as a put must leave it, given the key before; `lease` is `0` without one. */
export function keyAfterPut(
  before: etcd.KeyValue | undefined,
  put: Pick<etcd.KeyValue, 'key' | 'value' | 'lease'> & { readonly revision: number },
): etcd.KeyValue {
  const { key, value, lease, revision } = put
  const { createRevision = revision, version = 0 } = before ?? {}
  return { key, value, createRevision, modRevision: revision, version: version + 1, lease }
}
