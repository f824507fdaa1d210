import { etcd, messageOf } from '../../harness/index.ts'

/** What a request came to: undefined when it was answered, else its error. */
export async function refusalOf(request: Promise<unknown>): Promise<string | undefined> {
  return request.then(
    () => undefined,
    (thrown) => messageOf(thrown),
  )
}

export function isRefusedForSpace(thrown: unknown): boolean {
  return thrown instanceof etcd.RequestError && thrown.details.includes('space exceeded')
}
