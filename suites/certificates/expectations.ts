import {
  type ClusterSpec,
  type Drill,
  done,
  etcd,
  faults,
  type Member,
  messageOf,
  notYet,
  operations,
  type TlsCredentials,
} from '../../harness/index.ts'
import { connectTo } from '../shared/connect.ts'

/** Every scenario of the suite issues certificates that clients and members show to each other. */
export function needsMutualTls({ tls, door }: ClusterSpec): string | undefined {
  if (door === 'grpc-proxy') return 'a gRPC proxy ends TLS, and no scenario renews its certificates'
  if (tls.client !== 'mutual') return 'clients show no certificates to this cluster'
  return tls.peer === 'mutual' ? undefined : 'members show no certificates to each other here'
}

export function credentialsOf({ cluster }: Drill): Required<TlsCredentials> {
  const { credentials } = cluster
  if (credentials === undefined) throw new RangeError('Expected a cluster with TLS, got none')
  return credentials
}

/** One read over a connection of its own; resolves to what it threw, undefined when it was served. */
async function readOverNewConnection(
  member: Member,
  credentials: TlsCredentials,
): Promise<unknown> {
  const client = connectTo(member, { credentials })
  try {
    await etcd.range(client, { key: 'k0' })
    return undefined
  } catch (thrown) {
    return thrown
  } finally {
    client.close()
  }
}

/** gRPC's code. */
const deadlineExceeded = 4

/**
 * Why a new connection is refused, undefined when it is served. A timeout is neither: this machine may
 * be too busy, so that another connection follows.
 */
export function refusalOf(
  drill: Drill,
  member: Member,
  credentials: TlsCredentials,
): Promise<string | undefined> {
  return drill.becomes(
    'new-connection-ends',
    `${member.name} to serve or to refuse a new connection`,
    async () => {
      const thrown = await readOverNewConnection(member, credentials)
      if (thrown === undefined) return done(undefined)
      const isTimeout = thrown instanceof etcd.RequestError && thrown.grpcCode === deadlineExceeded
      return isTimeout ? notYet(messageOf(thrown)) : done(messageOf(thrown))
    },
  )
}

/** A new connection serves, as soon as the member has its certificates. */
export async function untilNewConnectionServes(drill: Drill, member: Member): Promise<void> {
  await drill.becomes(
    'new-connection-served',
    `${member.name} to serve a new connection`,
    async () => {
      const thrown = await readOverNewConnection(member, credentialsOf(drill))
      return thrown === undefined ? done(undefined) : notYet(messageOf(thrown))
    },
  )
}

/** Every member gets new certificates of the same CA, one after the other, and serves with them. */
export async function rotateInTurn(drill: Drill): Promise<void> {
  for (const member of drill.cluster.members) {
    const rotated = await drill.inject(faults.rotateCertificates, [member])
    await rotated.undo()
    await untilNewConnectionServes(drill, member)
  }
}

/** What members wrote before: the reason that is looked for comes after it. */
export interface LogPosition {
  readonly member: Member
  readonly from: number
}

export function logPositions(members: readonly Member[]): Promise<LogPosition[]> {
  return Promise.all(
    members.map(async (member) => ({ member, from: (await member.logs()).length })),
  )
}

/** Waits until one of them logs the reason, and notes etcd's own words in the result. */
export async function untilReason(
  drill: Drill,
  positions: readonly LogPosition[],
  reason: RegExp,
): Promise<void> {
  const { member, line } = await drill.becomes(
    'reason-logged',
    `a member to log why it refuses the certificate (${reason.source})`,
    async () => {
      for (const { member, from } of positions) {
        const lines = (await member.logs()).slice(from).split('\n')
        const line = lines.find((each) => reason.test(each))
        if (line !== undefined) return done({ member, line })
      }
      return notYet('no such line')
    },
  )
  drill.mark('note', `etcd's reason: ${reasonIn(line)}`, member)
}

/** A new connection with these credentials is refused, and etcd logs why. */
export async function expectRefused(
  drill: Drill,
  expected: {
    readonly id: string
    readonly sentence: string
    readonly member: Member
    readonly credentials: TlsCredentials
    readonly reason: RegExp
  },
): Promise<void> {
  const { id, sentence, member, credentials, reason } = expected
  const positions = await logPositions([member])
  const refusal = await refusalOf(drill, member, credentials)
  drill.expect(id, sentence, refusal !== undefined, refusal ?? 'an answer')
  await untilReason(drill, positions, reason)
}

/** A line of JSON has it in `error`; others are all words. */
function reasonIn(line: string): string {
  try {
    const { error, msg } = JSON.parse(line) as { error?: string; msg?: string }
    return error ?? msg ?? line
  } catch {
    return line
  }
}

/** How a client's error says that one side refused the other's certificate. */
const ofCertificate = /certificate|handshake|\bTLS\b|alert/i

/**
 * Of the requests that ended since then: how many, how many were not served, and how many of those for
 * a certificate. The others may be this machine's: it was too busy.
 */
export function countFailedSince(
  drill: Drill,
  sinceNs: number,
): { readonly ended: number; readonly failed: number; readonly refused: number } {
  const ended = operations(drill.history()).filter(
    ({ invoke, completion }) => invoke.timeNs >= sinceNs && completion !== undefined,
  )
  const failed = ended.filter(({ outcome }) => outcome !== 'ok')
  const refused = failed.filter(({ completion }) => ofCertificate.test(completion?.error ?? ''))
  return { ended: ended.length, failed: failed.length, refused: refused.length }
}
