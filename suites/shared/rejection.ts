import { etcd } from '../../harness/index.ts'
import { etcdErrors, isError } from './etcd/errors.ts'

/** For requests whose answer counts: a disk that was just filled or defragmented takes seconds. */
export const longTimeout = { timeoutMs: 10_000 }

/**
 * The error with which etcd rejected a request; undefined when etcd accepted it. Rethrows errors
 * that are no answer of etcd, such as a deadline: they say nothing about what etcd decided.
 */
export async function rejectionOf(
  request: Promise<unknown>,
): Promise<etcd.RequestError | undefined> {
  return request.then(
    () => undefined,
    (thrown) => {
      if (isRejection(thrown)) return thrown
      throw thrown
    },
  )
}

/** For the `found` of an expectation. */
export function formatRejection(rejection: etcd.RequestError | undefined): string {
  return rejection?.message ?? 'an acknowledgement'
}

/** Errors of etcd under codes (DATA_LOSS, UNAVAILABLE, UNKNOWN) that connections cause as well. */
const { corruptCluster, notEnoughStarted, notForLearners, unhealthyCluster } = etcdErrors

function isRejection(thrown: unknown): thrown is etcd.RequestError {
  return (
    etcd.isServerRejection(thrown) ||
    isError(thrown, corruptCluster, notEnoughStarted, notForLearners, unhealthyCluster)
  )
}
