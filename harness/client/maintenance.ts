import type { ClientReadableStream } from '@grpc/grpc-js'
import { type Headed, revisionOf } from './kv-wire.ts'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

/** A member's view of itself and its cluster. `hexId` formats ids as etcdctl does. */
export interface Status {
  readonly memberId: string
  readonly clusterId: string
  /** `0` without a leader. */
  readonly leaderId: string
  /** Of raft, as the member reports it. */
  readonly term: number
  /** The same in the answer's header. */
  readonly headerTerm: number
  readonly revision: number
  readonly raftIndex: number
  readonly raftAppliedIndex: number
  readonly dbSizeBytes: number
  readonly dbSizeInUseBytes: number
  readonly version: string
  readonly learner: boolean
  /** What the member finds wrong, such as an alarm or a missing leader; empty when nothing is. */
  readonly errors: readonly string[]
  /** Of the database's layout, such as `3.6.0`; empty before 3.6, as are the two below. */
  readonly storageVersion: string
  readonly quotaBytes: number
  /** What the cluster is being downgraded to; undefined without a downgrade. */
  readonly downgradeTo: string | undefined
}

type Raw<Fields extends string> = Readonly<Record<Fields, string>>
interface RawStatus
  extends Raw<
    | 'version'
    | 'dbSize'
    | 'dbSizeInUse'
    | 'leader'
    | 'raftIndex'
    | 'raftTerm'
    | 'raftAppliedIndex'
    | 'storageVersion'
    | 'dbSizeQuota'
  > {
  readonly header: Raw<'memberId' | 'clusterId' | 'revision' | 'raftTerm'>
  readonly errors: readonly string[]
  readonly isLearner: boolean
  readonly downgradeInfo: { readonly enabled: boolean; readonly targetVersion: string } | null
}

/** The member's own status; it answers without a leader too. */
export async function status(client: MemberClient, options?: CallOptions): Promise<Status> {
  const raw = await client.call<RawStatus>('Maintenance', 'Status', {}, options)
  return {
    memberId: raw.header.memberId,
    clusterId: raw.header.clusterId,
    leaderId: raw.leader,
    term: safeInteger(raw.raftTerm, 'raftTerm'),
    headerTerm: safeInteger(raw.header.raftTerm, 'raftTerm'),
    revision: revisionOf(raw.header),
    raftIndex: safeInteger(raw.raftIndex, 'raftIndex'),
    raftAppliedIndex: safeInteger(raw.raftAppliedIndex, 'raftAppliedIndex'),
    dbSizeBytes: safeInteger(raw.dbSize, 'dbSize'),
    dbSizeInUseBytes: safeInteger(raw.dbSizeInUse, 'dbSizeInUse'),
    version: raw.version,
    learner: raw.isLearner,
    errors: raw.errors,
    storageVersion: raw.storageVersion,
    quotaBytes: safeInteger(raw.dbSizeQuota, 'dbSizeQuota'),
    downgradeTo: raw.downgradeInfo?.enabled ? raw.downgradeInfo.targetVersion : undefined,
  }
}

/** What `hashKV` answers: equal hashes of one revision mean equal stores from its compaction on. */
export interface KeyspaceHash {
  readonly hash: number
  readonly compactRevision: number
  /** The hashed revision; 0 before 3.6. */
  readonly hashRevision: number
  /** The store's revision at the time of the hash, which may be above the hashed one. */
  readonly revision: number
}

interface RawHash extends Raw<'compactRevision' | 'hashRevision'> {
  readonly hash: number
}

/** This member's hash of all keys up to a revision (0 = the newest). */
export async function hashKV(
  client: MemberClient,
  atRevision = 0,
  options?: CallOptions,
): Promise<KeyspaceHash> {
  const raw = await client.call<Headed & RawHash>(
    'Maintenance',
    'HashKV',
    { revision: atRevision },
    options,
  )
  return {
    hash: raw.hash,
    compactRevision: safeInteger(raw.compactRevision, 'compactRevision'),
    hashRevision: safeInteger(raw.hashRevision, 'hashRevision'),
    revision: revisionOf(raw.header),
  }
}

/** The hash of the member's whole database, which differs from member to member. */
export async function hash(client: MemberClient, options?: CallOptions): Promise<number> {
  const raw = await client.call<{ hash: number }>('Maintenance', 'Hash', {}, options)
  return raw.hash
}

/** NOSPACE: a member's database is above its quota. CORRUPT: a member's data differ from the others'. */
export type AlarmType = 'NOSPACE' | 'CORRUPT'

/** An alarm that is on, and the member that raised it. */
export interface Alarm {
  /** Decimal. */
  readonly memberId: string
  readonly type: AlarmType
}

interface RawAlarms {
  readonly alarms: readonly { readonly memberID: string; readonly alarm: string }[]
}

/** The alarms that are on, as this member knows them. */
export async function alarms(
  client: MemberClient,
  options?: CallOptions,
): Promise<readonly Alarm[]> {
  const raw = await client.call<RawAlarms>('Maintenance', 'Alarm', { action: 'Get' }, options)
  return raw.alarms.map(({ memberID, alarm }) => ({
    memberId: memberID,
    type: alarm.toUpperCase() as AlarmType,
  }))
}

/** Raises an alarm on behalf of a member. */
export async function raiseAlarm(
  client: MemberClient,
  alarm: Alarm,
  options?: CallOptions,
): Promise<void> {
  await client.call('Maintenance', 'Alarm', rawAlarm('Activate', alarm), options)
}

/** Ends an alarm, whether or not its reason is gone. */
export async function disarm(
  client: MemberClient,
  alarm: Alarm,
  options?: CallOptions,
): Promise<void> {
  await client.call('Maintenance', 'Alarm', rawAlarm('Deactivate', alarm), options)
}

function rawAlarm(action: 'Activate' | 'Deactivate', { memberId, type }: Alarm): object {
  return { action, memberID: memberId, alarm: type === 'NOSPACE' ? 'Nospace' : 'Corrupt' }
}

/** Rewrites the member's database; the member blocks other requests meanwhile. */
export async function defragment(client: MemberClient, options?: CallOptions): Promise<void> {
  await client.call('Maintenance', 'Defragment', {}, options)
}

/** Only the leader accepts it. `targetId` is decimal. */
export async function moveLeader(
  client: MemberClient,
  targetId: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Maintenance', 'MoveLeader', { targetID: targetId }, options)
}

/**
 * The member's database in pieces, as `etcdctl snapshot save` writes it (the last 32 bytes are its
 * SHA-256). Ending the iteration early cancels the transfer.
 */
export async function* snapshot(client: MemberClient): AsyncGenerator<Buffer> {
  const stream: ClientReadableStream<{ readonly blob: Buffer }> = client.download(
    'Maintenance',
    'Snapshot',
    {},
  )
  try {
    for await (const { blob } of stream) yield blob
  } catch (thrown) {
    throw client.errorOf(thrown, 'Snapshot')
  } finally {
    stream.cancel()
  }
}
