import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** A record of the log: the type says what its data is. */
export interface LogRecord {
  readonly type: string
  readonly crc: number
  readonly data: Buffer
}

interface MetadataMessage {
  readonly nodeId: string
  readonly clusterId: string
}

interface EntryMessage {
  readonly type: string
  readonly term: string
  readonly index: string
  readonly data: Buffer
}

interface HardStateMessage {
  readonly term: string
  readonly vote: string
  readonly commit: string
}

interface SnapshotMessage {
  readonly index: string
  readonly term: string
}

interface MembershipChangeMessage {
  readonly type: string
  readonly nodeId: string
  readonly context: Buffer
}

/** `kind` is the name of the request's field; absent = none that Gauntlet knows. */
export interface RaftRequestMessage {
  readonly id: string
  readonly header: { readonly id: string } | null
  readonly kind?: string
  readonly [field: string]: unknown
}

interface Messages {
  readonly Record: LogRecord
  readonly Metadata: MetadataMessage
  readonly Entry: EntryMessage
  readonly HardState: HardStateMessage
  readonly Snapshot: SnapshotMessage
  readonly MembershipChange: MembershipChangeMessage
  readonly RaftRequest: RaftRequestMessage
  readonly VersionTwoRequest: { readonly id: string; readonly method: string }
}

let loaded: ServiceDefinition | undefined

/** Throws an Error for bytes that are not such a message. 64-bit integers become decimal text. */
export function decodeMessage<Name extends keyof Messages>(
  name: Name,
  bytes: Uint8Array,
): Messages[Name] {
  return codecOf(name).requestDeserialize(bytes as Buffer) as Messages[Name]
}

/** The bytes of a message; fields that are absent have their default. */
export function encodeMessage(name: keyof Messages, message: object): Buffer {
  return codecOf(name).requestSerialize(message)
}

/** The definitions are read once, at the first use: 0.1 s. */
function codecOf(name: keyof Messages) {
  loaded ??= loadDefinitions()
  const codec = loaded[name]
  if (codec === undefined) throw new RangeError(`Expected a message of the log, got \`${name}\``)
  return codec
}

function loadDefinitions(): ServiceDefinition {
  const etcd3 = dirname(createRequire(import.meta.url).resolve('etcd3/package.json'))
  const definitions = loadSync('write-ahead-log.proto', {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
    includeDirs: [join(import.meta.dirname, 'protos'), join(etcd3, 'proto')],
  })
  return definitions['gauntlet.wal.Codecs'] as ServiceDefinition
}
