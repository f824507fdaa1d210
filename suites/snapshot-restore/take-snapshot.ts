import {
  type Cluster,
  type Drill,
  etcd,
  featuresOf,
  GuaranteeBrokenError,
  type Member,
  type ToolResult,
} from '../../harness/index.ts'
import { lastAcknowledged } from './expected-state.ts'
import { expectAnswer, formatResult } from './tool-answer.ts'

/** A snapshot as an operator has it: a file, and what `snapshot status` reports. */
export interface TakenSnapshot {
  readonly content: Uint8Array
  /** The member that streamed it. */
  readonly from: string
  readonly revision: number
  readonly totalKeys: number
}

const fileInTool = '/snapshot.db'

/**
 * Downloads it from a running member, as `etcdctl snapshot save` does, reads its status, and expects
 * it to hold what the member had acknowledged and nothing that it has yet to write.
 */
export async function takeSnapshot(
  drill: Drill,
  member: Member,
  client = drill.client(member),
): Promise<TakenSnapshot> {
  const startedNs = drill.nowNs()
  const acknowledged = lastAcknowledged(drill.history(), member.name)
  const pieces: Buffer[] = []
  for await (const piece of etcd.snapshot(client)) pieces.push(piece)
  const content = Buffer.concat(pieces)
  const tookMs = Math.round((drill.nowNs() - startedNs) / 1e6)
  drill.measure('snapshotMs', tookMs)
  drill.measure('snapshotBytes', content.length)
  const { revision: newest } = await etcd.status(client)
  const status = await snapshotStatus(drill.cluster, content)
  drill.expect(
    'snapshot-has-acknowledged-writes',
    `the snapshot has all that ${member.name} acknowledged before`,
    status.revision >= acknowledged,
    `revision ${status.revision}, acknowledged ${acknowledged}`,
  )
  drill.expect(
    'snapshot-is-not-of-the-future',
    `the snapshot has nothing that ${member.name} writes after`,
    status.revision <= newest,
    `revision ${status.revision}, with ${member.name} at ${newest}`,
  )
  drill.mark('note', `snapshot of revision ${status.revision} taken from ${member.name}`, member)
  return { content, from: member.name, ...status }
}

/**
 * What the offline tool reports. Throws a GuaranteeBrokenError when the tool rejects the file, a
 * ToolError when it cannot work.
 */
export async function snapshotStatus(
  cluster: Cluster,
  content: Uint8Array,
): Promise<Pick<TakenSnapshot, 'revision' | 'totalKeys'>> {
  const result = await runOfflineTool(cluster, content, ['status', '-w', 'json'])
  if (result.exitCode !== 0) {
    throw new GuaranteeBrokenError(
      `expected the status of a snapshot, observed ${formatResult(result)}`,
      { expectation: 'snapshot-has-status' },
    )
  }
  const { revision, totalKey } = JSON.parse(result.stdout) as { revision: number; totalKey: number }
  return { revision, totalKeys: totalKey }
}

/**
 * Restores into a temporary directory, to see whether the tool accepts the file. Throws a ToolError
 * when the tool cannot work.
 */
export function tryRestore(
  cluster: Cluster,
  content: Uint8Array,
  flags: readonly string[] = [],
): Promise<ToolResult> {
  return runOfflineTool(cluster, content, ['restore', '--data-dir=/restored', ...flags])
}

/** The arguments of `snapshot …` on that file, for this version's tool. */
export function snapshotCommand(version: string, args: readonly string[]): string[] {
  const [verb = '', ...rest] = args
  return [featuresOf(version).offlineTool, 'snapshot', verb, fileInTool, ...rest]
}

export function snapshotFile(content: Uint8Array) {
  return { path: fileInTool, content, mode: 0o600 }
}

async function runOfflineTool(
  cluster: Cluster,
  content: Uint8Array,
  args: readonly string[],
): Promise<ToolResult> {
  const argv = snapshotCommand(cluster.spec.version, args)
  return expectAnswer(await cluster.tool(argv, { files: [snapshotFile(content)] }))
}
