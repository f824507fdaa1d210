import { setTimeout as delay } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { userRevokeRole } from '../../client/auth.ts'
import { range } from '../../client/kv.ts'
import type { MemberClient } from '../../client/member-client.ts'
import { RequestError } from '../../client/request-error.ts'
import type { Cluster } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import { authUsers, guestKeys } from '../../topology/auth-users.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { type Clients, createClients } from './clients.ts'
import type { Routes } from './route.ts'

/** The user whose rights end in the middle of a fault. */
export interface Guest extends AsyncDisposable {
  /** Begins to take its rights, the first time it is called. Never waits. */
  endRights(): void
}

interface GuestParts {
  readonly cluster: Cluster
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly evidence: ScenarioEvidence
  readonly routes: Routes
}

const everyMs = 500
const timeoutMs = 1_000

/**
 * Reads a key of its own through each member in turn; it writes none, so that the history has every
 * write. Promises: its reads are not denied before root revokes its role, and none that is sent after
 * the acknowledgement is served. Undefined without authentication, and where a scenario gives
 * acknowledged changes up.
 */
export function startGuest(parts: GuestParts): Guest | undefined {
  const { cluster, scenario, plan, evidence, routes } = parts
  const isGivenUp = scenario.ends === 'elsewhere' || scenario.skippedCheckers?.durability
  if (cluster.spec.auth === undefined || isGivenUp) return undefined
  const common = { timeoutMs: timeoutMs * plan.timeScale, watchers: undefined }
  const [guests, roots] = [
    createClients({ ...common, route: routes.clients, user: 'guest' }),
    createClients({ ...common, route: routes.drill, user: 'root' }),
  ]
  const stopping = new AbortController()
  const { signal } = stopping
  const rights: Rights = { revokedFromNs: Infinity, endedNs: Infinity, isDenialNoted: false }
  const reading = keepReading({ cluster, evidence, guests, rights, signal })
  let ending: Promise<void> | undefined
  return {
    endRights: () => {
      ending ??= revoke({ cluster, evidence, roots, rights, signal })
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await Promise.all([reading, ending])
      for (const clients of [guests, roots]) clients.close()
    },
  }
}

/** When root first asked for their end, and when etcd acknowledged it. */
interface Rights {
  revokedFromNs: number
  endedNs: number
  isDenialNoted: boolean
}

interface Parts {
  readonly cluster: Cluster
  readonly evidence: ScenarioEvidence
  readonly rights: Rights
  readonly signal: AbortSignal
}

async function keepReading(parts: Parts & { readonly guests: Clients }): Promise<void> {
  const { cluster, guests, signal } = parts
  for (let turn = 0; !signal.aborted; turn++) {
    const { members } = cluster
    const member = members[turn % members.length]
    if (member !== undefined) await readOnce(parts, guests.of(member))
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

async function readOnce(
  { evidence: { clock, failures, marks }, rights }: Parts,
  client: MemberClient,
): Promise<void> {
  const sentNs = clock.nowNs()
  const answer = await readOwnKey(client)
  const timeNs = clock.nowNs()
  const broken = (expectation: string, reason: string) => {
    failures.push({ outcome: 'broken', expectation, reason, timeNs })
  }
  if (answer === 'denied' && timeNs < rights.revokedFromNs) {
    broken(
      'rights-hold',
      `expected ${client.member} to serve a user with rights, observed a denial`,
    )
  }
  if (answer === 'served' && sentNs > rights.endedNs) {
    const when = 'after its role was revoked'
    broken('ended-rights-deny', `expected ${client.member} to deny a user ${when}, observed a read`)
  }
  if (answer === 'denied' && sentNs >= rights.endedNs && !rights.isDenialNoted) {
    rights.isDenialNoted = true
    marks.push({ timeNs, kind: 'note', text: 'the user whose rights ended is denied' })
  }
}

/** `unknown`: an error that is no denial, such as that of a member that is down. */
async function readOwnKey(client: MemberClient): Promise<'served' | 'denied' | 'unknown'> {
  try {
    await range(client, { key: `${guestKeys.key}key` })
    return 'served'
  } catch (thrown) {
    return isDenied(thrown) ? 'denied' : 'unknown'
  }
}

/** At one member after the other, until etcd acknowledges it. */
async function revoke({
  cluster,
  evidence: { clock, marks },
  rights,
  roots,
  signal,
}: Parts & { readonly roots: Clients }): Promise<void> {
  rights.revokedFromNs = clock.nowNs()
  for (let turn = 0; !signal.aborted; turn++) {
    const { members } = cluster
    const member = members[turn % members.length]
    if (member !== undefined && (await hasRevoked(roots.of(member)))) {
      rights.endedNs = clock.nowNs()
      const text = 'root took the rights of a user, and etcd acknowledged it'
      marks.push({ timeNs: rights.endedNs, kind: 'note', text })
      return
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

/** Whether etcd acknowledges that the guest has no role, now or since an attempt without an answer. */
async function hasRevoked(root: MemberClient): Promise<boolean> {
  const { name } = authUsers.guest
  try {
    await userRevokeRole(root, { user: name, role: name })
    return true
  } catch (thrown) {
    return messageOf(thrown).includes('role is not granted')
  }
}

function isDenied(thrown: unknown): boolean {
  if (!(thrown instanceof RequestError)) return false
  // A gRPC proxy passes etcd's words on, and not its code.
  const { grpcCode, details } = thrown
  return grpcCode === status.PERMISSION_DENIED || details === 'etcdserver: permission denied'
}
