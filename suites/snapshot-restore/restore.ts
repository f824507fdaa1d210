import {
  type Drill,
  done,
  etcd,
  GuaranteeBrokenError,
  type Member,
  type PrepareData,
  peerUrl,
  poll,
} from '../../harness/index.ts'
import { lastLine, snapshotCommand, snapshotFile } from './take-snapshot.ts'

export interface RestoreOptions {
  readonly content: Uint8Array
  /** The members of the new cluster; those that the old one had get their place again, emptied. */
  readonly names: readonly string[]
  /** Of `snapshot restore`, beside those that say who and where. */
  readonly flags?: readonly string[]
  /** Another file for single members: what one must not do. */
  readonly contentOf?: Readonly<Record<string, Uint8Array>>
  /** The disks of those who have no place in the new cluster, for a member started on one later. */
  readonly keepOldData?: boolean
  /** Default true; false where nobody may ask without a name. */
  readonly awaitHealthy?: boolean
}

/**
 * Raises a new cluster from a snapshot: whatever is left of the old one is removed, each member of
 * the new one is restored into an empty data directory, all start at once. Returns when they are
 * healthy. Throws a GuaranteeBrokenError when etcd does not accept the file.
 */
export async function restoreCluster(drill: Drill, options: RestoreOptions): Promise<void> {
  const { cluster } = drill
  const { names, keepOldData: keepData = false } = options
  const old = cluster.members.map(({ name }) => name)
  await Promise.all(
    old
      .filter((name) => !names.includes(name))
      .map((name) => cluster.removeMember(name, { keepData })),
  )
  const place = Object.fromEntries(names.map((name) => [name, cluster.reserveAddress(name)]))
  await Promise.all(
    names.map((name) => {
      const prepare = restoring(drill, name, place, options)
      const settings = { initialCluster: place, initialClusterState: 'new', prepare } as const
      return old.includes(name)
        ? cluster.member(name).recreate({ ...settings, wipeData: true })
        : cluster.startMember({ ...settings, name })
    }),
  )
  if (options.awaitHealthy !== false) {
    await cluster.untilHealthy()
    await Promise.all(cluster.members.map((member) => untilReached(drill.client(member))))
  }
  drill.mark('note', `restored to ${names.join(', ')}`)
}

/** Our clients still wait before they connect again to what was down; etcd is healthy already. */
async function untilReached(client: etcd.MemberClient): Promise<void> {
  await poll(async () => done(await etcd.status(client)), {
    what: `a client to reach ${client.member} again`,
    deadlineMs: 10_000,
  })
}

/** The members that there are, each in its place: the usual way. */
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

/** A cluster token of its own: members of the old cluster must not be able to join the new one. */
function restoring(
  { cluster }: Drill,
  name: string,
  place: Readonly<Record<string, string>>,
  { content, contentOf = {}, flags = [] }: RestoreOptions,
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
    const result = await run(snapshotCommand(spec.version, args), { files })
    if (result.exitCode === 0) return
    throw new GuaranteeBrokenError(
      `expected ${name} to be restored, observed: ${lastLine(result)}`,
      { expectation: 'snapshot-restores-member' },
    )
  }
}

const dataDirectory = '/var/lib/etcd/default.etcd'
