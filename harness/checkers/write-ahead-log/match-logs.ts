import type { WalLog } from '../../history/logs/wal.ts'
import type { CheckInput } from '../checker.ts'
import { groupWrites } from './attribution.ts'
import { type JoinedLogs, joinLogs } from './join-logs.ts'
import { type MatchedGroup, matchGroup } from './match-writes.ts'
import { type LogReplay, replayLog } from './replay.ts'

/** What the logs say of a scenario's requests. */
export interface MatchedLogs {
  readonly logs: JoinedLogs
  readonly replay: LogReplay
  readonly groups: readonly MatchedGroup[]
}

/** Reads the logs, applies what they commit, and gives each write of the history its entry. */
export function matchLogs(input: CheckInput, wal: WalLog): MatchedLogs {
  const logs = joinLogs(wal, input.final)
  const replay = replayLog(logs.committed)
  const content = { applied: replay.applied, open: logs.open, members: logs.members }
  return { logs, replay, groups: groupWrites(input.history, content).map(matchGroup) }
}
