import {
  createRandom,
  etcd,
  faults,
  type Member,
  type Scenario,
  type ToolResult,
  workloads,
} from '../../harness/index.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import {
  besidesPrefix,
  expectAsOf,
  expectOneState,
  expectServes,
  measureRecoveryPoint,
} from './expectations.ts'
import { restoreInPlace } from './restore.ts'
import { snapshotStatus, takeSnapshot, tryRestore } from './take-snapshot.ts'
import { formatResult } from './tool-answer.ts'

const hashBytes = 32

export const integrity: readonly Scenario[] = [
  {
    id: 'snapshot-restore/damaged-file-refused',
    workload: workloads.steady,
    faults: [],
    title: 'A restore rejects a damaged snapshot and accepts an intact one',
    depth: 'ci',
    act: async (drill) => {
      const { content } = await takeSnapshot(drill, await drill.cluster.leader())
      const random = createRandom(drill.seed).fork('flipped-bit')
      const body = content.length - hashBytes
      const damaged = {
        'a bit flipped in its data': flipBit(content, random.int(0, body - 1), random.int(0, 7)),
        'a bit flipped in its hash': flipBit(content, random.int(body, content.length - 1), 0),
        'its last byte missing': content.subarray(0, -1),
        'its second half missing': content.subarray(0, content.length / 2),
      }
      for (const [what, file] of Object.entries(damaged)) {
        const result = await tryRestore(drill.cluster, file)
        drill.expect(
          'damaged-snapshot-rejected',
          `a snapshot with ${what} is rejected for its hash`,
          isHashRejection(result),
          formatResult(result),
        )
      }
      const intact = await tryRestore(drill.cluster, content)
      drill.expect(
        'intact-snapshot-accepted',
        'an intact snapshot is accepted',
        intact.exitCode === 0,
        formatResult(intact),
      )
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/unchecked-file-believed',
    title: 'A restore without the hash check serves a flipped bit',
    depth: 'full',
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      await drill.attempt(leader, { kind: 'put', key: alteredKey, value: marker })
      const { content } = await takeSnapshot(drill, leader)
      await loseEverything(drill)
      await restoreInPlace(drill, alterEvery(content, marker), ['--skip-hash-check'])
      const [member] = drill.cluster.members as [Member]
      const { kvs } = await etcd.range(drill.client(member), { key: alteredKey })
      const value = kvs[0]?.value
      drill.expect(
        'unchecked-bit-flip-is-served',
        'the altered value is served',
        value !== undefined && value !== marker,
        value ?? 'no value',
      )
      await expectOneState(drill)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/copied-file',
    title: 'A copied member/snap/db restores only without the hash check',
    depth: 'full',
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      await drill.hold(writingMs)
      await drill.inject(faults.destroy, drill.cluster.members)
      await drill.stopWorkload()
      const [file] = await leader.copyOut(`${leader.dataDirectory}/member/snap/db`)
      const content = Buffer.from(file?.content ?? '')
      const { revision } = await snapshotStatus(drill.cluster, content)
      const rejected = await tryRestore(drill.cluster, content)
      drill.expect(
        'copied-database-rejected',
        'a copied database is rejected for its hash',
        isHashRejection(rejected),
        formatResult(rejected),
      )
      await restoreInPlace(drill, content, ['--skip-hash-check'])
      await expectAsOf(drill, revision)
      measureRecoveryPoint(drill, revision)
      await expectServes(drill)
      await expectOneState(drill)
    },
  },
]

const writingMs = 1_000
/** No key of the workload, which might write it again before the snapshot. */
const alteredKey = `${besidesPrefix}altered`
const marker = 'this-value-will-be-altered'

function flipBit(content: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(content)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}

/** Alters every copy of the text, also in free pages, so that the live one is among them. */
function alterEvery(content: Uint8Array, text: string): Uint8Array {
  let altered = content
  const bytes = Buffer.from(content)
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    altered = flipBit(altered, at, 0)
  }
  return altered
}

/** Rejected for the hash: a tool that cannot run at all rejects every file. */
function isHashRejection(result: ToolResult): boolean {
  return result.exitCode !== 0 && /hash|checksum|sha256/i.test(result.stdout + result.stderr)
}
