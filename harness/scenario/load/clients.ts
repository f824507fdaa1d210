import { connectMember, type MemberClient } from '../../client/member-client.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import type { AuthUser } from '../../topology/auth-users.ts'
import type { Watchers } from '../observers/watchers.ts'
import type { Route, Routes } from './route.ts'

/** One client a member, of one user. */
export interface Clients {
  of(member: Member): MemberClient
  close(): void
}

/** A drill's clients, by who sends. */
interface DrillClients {
  /** The drill itself, which asks particular members. */
  readonly administrators: Clients
  /** The workload. */
  readonly workers: Clients
  /** The drill on the workload's way. */
  readonly visitors: Clients
  close(): void
}

/** Those that are alike share their connections: without authentication there are no users. */
export function createDrillClients(
  { spec }: Pick<Cluster, 'spec'>,
  { drill, clients }: Routes,
  common: Pick<ClientParts, 'timeoutMs' | 'watchers'>,
): DrillClients {
  const isOneWay = drill === clients
  const isNobody = spec.auth === undefined
  const administrators = createClients({ ...common, route: drill, user: 'root' })
  const others = (user: AuthUser) => createClients({ ...common, route: clients, user })
  const workers = isNobody && isOneWay ? administrators : others(isNobody ? 'root' : 'app')
  const visitors = isOneWay ? administrators : others('root')
  const close = () => {
    for (const each of new Set([visitors, workers, administrators])) each.close()
  }
  return { administrators, workers, visitors, close }
}

interface ClientParts {
  readonly route: Route
  readonly user: AuthUser
  readonly timeoutMs: number
  readonly watchers: Pick<Watchers, 'noteCompaction'> | undefined
}

/**
 * A client is replaced when the route has other credentials than it connected with; requests that are
 * open on the old one may still end there.
 */
export function createClients(parts: ClientParts): Clients {
  const { route, user } = parts
  const current = new Map<string, { client: MemberClient; credentials: unknown }>()
  const all: MemberClient[] = []
  return {
    of: (member) => {
      const { clientEndpoint } = member
      const { credentials } = route.to(clientEndpoint, user)
      // By endpoint: a member that is removed and added again under its name has other ports.
      const present = current.get(clientEndpoint)
      if (present !== undefined && present.credentials === credentials) return present.client
      const client = connect(member, parts)
      current.set(clientEndpoint, { client, credentials })
      all.push(client)
      return client
    },
    close: () => {
      for (const client of all) client.close()
    },
  }
}

/** A client that notes each compaction before it requests it: it explains why a watch is cancelled. */
function connect(
  { name, clientEndpoint }: Member,
  { route, user, timeoutMs, watchers }: ClientParts,
): MemberClient {
  const { door: member = name, ...way } = route.to(clientEndpoint, user)
  const client = connectMember({ member, ...way, timeoutMs })
  return {
    ...client,
    call: (service, method, request, options) => {
      if (method === 'Compact') watchers?.noteCompaction(name, compactedRevision(request))
      return client.call(service, method, request, options)
    },
  }
}

const compactedRevision = (request: { readonly revision?: number }) => request.revision ?? 0
