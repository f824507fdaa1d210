import { etcd, messageOf } from '../../harness/index.ts'

/** For requests whose answer counts: on a disk just filled or defragmented it may take seconds. */
export const calm = { timeoutMs: 10_000 }

/**
 * With what etcd refused a request; undefined when it did as it was asked. Rethrows what is no
 * answer of etcd, such as a deadline: nobody was refused then, and nothing is to be held against it.
 */
export async function refusalOf(request: Promise<unknown>): Promise<string | undefined> {
  return request.then(
    () => undefined,
    (thrown) => {
      if (isRefusal(thrown)) return messageOf(thrown)
      throw thrown
    },
  )
}

/** Etcd's own words, under codes (DATA_LOSS, UNAVAILABLE) that by themselves are no answer. */
const ownWords = /^etcdserver: (corrupt cluster|unhealthy cluster|rpc not supported for learner)/

function isRefusal(thrown: unknown): boolean {
  if (etcd.isServerRejection(thrown)) return true
  return thrown instanceof etcd.RequestError && ownWords.test(thrown.details)
}

export function isRefusedForSpace(thrown: unknown): boolean {
  return thrown instanceof etcd.RequestError && thrown.details.includes('space exceeded')
}
