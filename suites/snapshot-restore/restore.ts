import {
  type Drill,
  done,
  type EtcdUnderTest,
  etcd,
  GuaranteeBrokenError,
  type Member,
  type PrepareData,
  peerUrl,
} from '../../harness/index.ts'
import { snapshotCommand, snapshotFile } from './take-snapshot.ts'
import { expectAnswer, formatResult } from './tool-answer.ts'

export interface RestoreOptions {
  readonly content: Uint8Array
  /** The new cluster's members; a member of the old one keeps its address and gets an empty disk. */
  readonly names: readonly string[]
  /** More flags of `snapshot restore`. */
  readonly flags?: readonly string[]
  /** Another file for single members, which operators must not use. */
  readonly contentOf?: Readonly<Record<string, Uint8Array>>
  /** Whether the disks of other old members stay, for a member that starts on one later. */
  readonly keepOldData?: boolean
  /** The etcd that restores and that the members then run; default the run's. */
  readonly as?: EtcdUnderTest
  /** Default true; false where health needs a user. */
  readonly awaitHealthy?: boolean
}

/**
 * Starts a new cluster from a snapshot: removes what is left of the old one, restores each new
 * member into an empty data directory, and starts all at once. Returns when they are healthy.
 * Throws a GuaranteeBrokenError when etcd rejects the file, a ToolError when its tool cannot work.
 */
export async function restoreCluster(drill: Drill, options: RestoreOptions): Promise<void> {
  const { cluster } = drill
  const { names, keepOldData: keepData = false, as } = options
  const old = cluster.members.map(({ name }) => name)
  await Promise.all(
    old
      .filter((name) => !names.includes(name))
      .map((name) => cluster.removeMember(name, { keepData })),
  )
  const place = Object.fromEntries(names.map((name) => [name, cluster.reserveAddress(name)]))
  await Promise.all(
    names.map((name) => {
      const prepare = restoreInto(drill, name, place, options)
      const settings = {
        initialCluster: place,
        initialClusterState: 'new',
        prepare,
        ...(as && { image: as.image, version: as.version }),
      } as const
      return old.includes(name)
        ? cluster.member(name).recreate({ ...settings, wipeData: true })
        : cluster.startMember({ ...settings, name })
    }),
  )
  if (options.awaitHealthy !== false) {
    await cluster.untilHealthy()
    await Promise.all(cluster.members.map((member) => untilReachable(drill, member)))
  }
  drill.mark('note', `restored to ${names.join(', ')}`)
}

/** Clients back off before they reconnect to a member that was down. */
async function untilReachable(drill: Drill, member: Member): Promise<void> {
  await drill.becomes(
    'restored-member-serves-clients',
    `${member.name} to answer a client once it is restored`,
    async () => done(await etcd.status(drill.client(member))),
  )
}

/** Restores the same members at their addresses. */
export function restoreInPlace(
  drill: Drill,
  content: Uint8Array,
  flags: readonly string[] = [],
): Promise<void> {
  return restoreCluster(drill, { content, names: namesOf(drill.cluster.members), flags })
}

export function namesOf(members: readonly Member[]): string[] {
  return members.map(({ name }) => name)
}

/** Uses another cluster token, so that members of the old cluster cannot join the new one. */
function restoreInto(
  { cluster, etcd: own }: Drill,
  name: string,
  place: Readonly<Record<string, string>>,
  { content, contentOf = {}, flags = [], as = own }: RestoreOptions,
): PrepareData {
  const { spec } = cluster
  const urls = Object.entries(place).map(([each, at]) => `${each}=${peerUrl(spec, at)}`)
  const args = [
    'restore',
    `--name=${name}`,
    `--data-dir=${dataDirectory}`,
    `--initial-cluster=${urls.join(',')}`,
    `--initial-advertise-peer-urls=${peerUrl(spec, place[name] ?? '')}`,
    `--initial-cluster-token=${spec.name}-restored`,
    ...flags,
  ]
  return async (run) => {
    const files = [snapshotFile(contentOf[name] ?? content)]
    const argv = snapshotCommand(as.version, args)
    const result = expectAnswer(await run(argv, { image: as.image, files }))
    if (result.exitCode === 0) return
    throw new GuaranteeBrokenError(
      `expected ${name} to be restored, observed ${formatResult(result)}`,
      { expectation: 'snapshot-restores-member' },
    )
  }
}

const dataDirectory = '/var/lib/etcd/default.etcd'
