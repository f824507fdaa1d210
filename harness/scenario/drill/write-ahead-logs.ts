import { writeAheadLogChecker } from '../../checkers/write-ahead-log.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import { openLineWriter } from '../../history/files/line-writer.ts'
import { type MemberLog, readLog, type Segment } from '../../write-ahead-log/read-log.ts'
import { type FoundLog, reduceLogs } from '../../write-ahead-log/reduce-logs.ts'
import { checkerNamesOf } from '../outcome/checker-names.ts'
import type { Scenario } from '../scenario.ts'
import type { ScenarioEvidence } from './evidence.ts'

/** etcd names its first file so, and keeps five of them. */
const firstFile = 'member/wal/0000000000000000-0000000000000000.wal'
/** etcd begins the next file of its log at this size. */
const fullFileBytes = 64_000_000

/**
 * Disposing kills every member and saves what its write-ahead log holds, one file for all, for the
 * checker that judges it. A log is evidence only once its member has stopped: dispose it before the
 * cluster, and after everything that observes or uses the members. A log that cannot be read is a
 * line that says why.
 */
export function keepWriteAheadLogs(
  cluster: Cluster,
  scenario: Scenario,
  { directory }: Pick<ScenarioEvidence, 'directory'>,
): AsyncDisposable | undefined {
  if (!checkerNamesOf(scenario, cluster.spec).includes(writeAheadLogChecker.name)) return undefined
  return {
    [Symbol.asyncDispose]: async () => {
      const found = await Promise.all(cluster.members.map(findLog))
      const writer = openLineWriter(`${directory.wal}.gz`)
      writer.write(`${JSON.stringify({ format: 'gauntlet-wal/1' })}\n`)
      for (const line of reduceLogs(new Map(found))) writer.write(`${JSON.stringify(line)}\n`)
      await writer.close()
    },
  }
}

async function findLog(member: Member): Promise<[string, FoundLog]> {
  try {
    await member.kill()
    return [member.name, await readFirstFileOf(member)]
  } catch (thrown) {
    return [member.name, { missing: messageOf(thrown) }]
  }
}

/** One file holds hundreds of thousands of requests. Of a longer log the rest is not read. */
function readFirstFileOf(member: Member): Promise<MemberLog> {
  return member.readFile(`${member.dataDirectory}/${firstFile}`, (content) => {
    return readLog(filesOf(content), { mostSegments: 1 })
  })
}

async function* filesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Segment> {
  let bytes = 0
  const counted = async function* () {
    for await (const piece of content) {
      bytes += piece.length
      yield piece
    }
  }
  yield { name: firstFile, content: counted() }
  if (bytes >= fullFileBytes) yield { name: 'the next file', content: counted() }
}
