import type {
  LoggedEntry,
  LoggedMember,
  LoggedRequest,
  WalEntry,
  WalLog,
} from '../../history/logs/wal.ts'
import type { History, OperationEvent } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { writeAheadLogChecker } from '../write-ahead-log.ts'
import { logsOf } from './logged-simulation.ts'

/** The verdict of the checker of write-ahead logs. */
export const check = (input: CheckInput) => writeAheadLogChecker.check(input)

export const put = (key: string, value: string): LoggedRequest => ({ kind: 'put', key, value })

/** Requests of one process after the other; the last event may be left out. */
export function historyOf(...events: readonly Partial<OperationEvent>[]): History {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const full = events.map((event, at) => ({ process: 0, timeNs: at, ...event }) as OperationEvent)
  return { header, events: full }
}

/** An acknowledged put through m1. */
export const putOk = (key: string, value: string, revision: number, process = 0) => [
  { type: 'invoke', f: 'put', key, value, process, member: 'm1' } as const,
  { type: 'ok', f: 'put', revision, process } as const,
]

/** All three members hold these keys: value and mod revision. */
export const finalOf = (revision: number, keys: Record<string, readonly [string, number]>) => ({
  members: ['m1', 'm2', 'm3'].map((member) => ({
    member,
    revision,
    keys: Object.fromEntries(
      Object.entries(keys).map(([key, [value, modRevision]]) => [key, { value, modRevision }]),
    ),
    hash: 1,
    hashRevision: revision,
  })),
})

/** One acknowledged put, as the logs hold it. */
export const onePut = {
  history: historyOf(...putOk('k', 'v', 2)),
  final: finalOf(2, { k: ['v', 2] }),
  wal: logsOf([put('k', 'v')]),
}

/** The log of one put, and one more entry that a test has members hold. */
export const withEntry = (entry: LoggedEntry): WalLog => ({
  ...onePut.wal,
  entries: [...onePut.wal.entries, entry],
})

/** The log with each of its lines changed. */
export const withEntries = (
  wal: WalLog,
  change: (entry: WalEntry) => WalEntry | WalEntry[],
): WalLog => ({
  ...wal,
  entries: wal.entries.flatMap(change),
})

/** The log of one put, of which m1 and m2 hold another content than m3. */
export const withOtherContent = (wal: WalLog): WalLog =>
  withEntries(wal, (line) =>
    line.type === 'entry' && line.index === 5
      ? [
          { ...line, members: ['m1', 'm2'] },
          { ...line, request: put('k', 'w'), members: ['m3'] },
        ]
      : line,
  )

/** The log with the line of each member changed, or of the one that is named. */
export const withMembers = (
  wal: WalLog,
  change: (line: LoggedMember) => WalEntry,
  only?: LoggedMember['member'],
): WalLog =>
  withEntries(wal, (line) =>
    line.type === 'member' && (only ?? line.member) === line.member ? change(line) : line,
  )

/** The log of m2 could not be read. */
export const withoutSecondLog = (wal: WalLog): WalLog =>
  withMembers(wal, () => ({ type: 'missing', member: 'm2', reason: 'its volume is gone' }), 'm2')

/** Reading every log stopped there. */
export const withEnding = (wal: WalLog, ending: NonNullable<LoggedMember['ending']>): WalLog =>
  withMembers(wal, (line) => ({ ...line, ending }))
