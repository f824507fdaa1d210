import type { MethodDefinition } from '@grpc/grpc-js'
import type { ObserveRequest } from '../history/logs/header-recorder.ts'
import type { Headed } from './kv-wire.ts'
import { safeInteger } from './numbers.ts'
import { methodOf, type ServiceName } from './proto.ts'

/** `methodOf` for one request or stream of a member, whose answers' headers are observed. */
export function observedMethods({
  member,
  observe,
}: {
  readonly member: string
  readonly observe?: ObserveRequest | undefined
}): typeof methodOf {
  if (observe === undefined) return methodOf
  return <Request, Response>(service: ServiceName, method: string) => {
    const definition = methodOf<Request, Response>(service, method)
    const note = observe({ member, method: `${service}.${method}` })
    return {
      ...definition,
      responseDeserialize: (bytes) => {
        const response = definition.responseDeserialize(bytes)
        noteHeader(response, note)
        return response
      },
    } satisfies MethodDefinition<Request, Response>
  }
}

/** The parts of a snapshot, and answers of services that are not etcd's own, have no header. */
function noteHeader(response: unknown, note: ReturnType<ObserveRequest>): void {
  const { header } = response as Partial<Headed>
  if (header == null) return
  const { clusterId, memberId, raftTerm } = header
  note({ clusterId, memberId, raftTerm: safeInteger(raftTerm, 'raftTerm') })
}
