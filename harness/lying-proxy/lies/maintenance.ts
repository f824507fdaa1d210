import {
  acknowledgesOnly,
  altersAnswer,
  altersRequest,
  answersItself,
  presentHeader,
} from '../interceptors.ts'
import type { Exchange, Interceptor, Lie, StartLie } from '../lie.ts'
import { decodeRequest, plus, type WireAnswer } from '../messages.ts'
import {
  alarm,
  compact,
  defragment,
  hashKv,
  isOf,
  memberList,
  moveLeader,
  snapshot,
} from '../methods.ts'

const kind = 'maintenance'
const scenario = 'conformance/maintenance'
/** Leadership moves among them. */
const members = 3
const compaction = 'conformance/compaction-defragmentation'

interface WireAlarmRequest {
  readonly action: 'Get' | 'Activate' | 'Deactivate'
}

/** An answer to an operator, or an acknowledgement of what an operator asks for, is false. */
export const maintenanceLies: readonly Lie[] = [
  {
    kind,
    name: 'alarm-hidden',
    says: 'answers that no alarm is on',
    every: 1,
    detection: { scenario, members, id: 'alarm-listed-everywhere' },
    start: altersAnswer<WireAlarms, WireAlarmRequest>(alarm, ({ header, alarms }) =>
      alarms.length === 0 ? undefined : { header, alarms: [] },
    ),
  },
  {
    kind,
    name: 'alarm-invented',
    says: 'answers that an alarm is on, which was never raised',
    every: 3,
    detection: { scenario, members, id: 'no-alarm-at-first' },
    start: altersAnswer<WireAlarms, WireAlarmRequest>(alarm, ({ header }, { action }) =>
      action === 'Get' ? { header, alarms: [{ memberID: '1', alarm: 'Nospace' }] } : undefined,
    ),
  },
  {
    kind,
    name: 'alarm-acknowledged-only',
    says: 'acknowledges that it raises an alarm, and does not',
    every: 1,
    detection: { scenario, members, id: 'alarm-listed-everywhere' },
    start: acknowledgesAlarm('Activate'),
  },
  {
    kind,
    name: 'disarm-acknowledged-early',
    says: 'acknowledges that it disarms an alarm a second before it does',
    every: 1,
    detection: { scenario, members, id: 'disarmed-alarm-not-listed' },
    start: acknowledgesAlarm('Deactivate', ({ ask, request }) => {
      const disarm = () => ask('Maintenance', 'Alarm', decodeRequest(alarm, request))
      // A drill that ended with the broken promise has closed the proxies by then.
      setTimeout(() => disarm().catch(() => {}), 1_000)
    }),
  },
  {
    kind,
    name: 'compaction-acknowledged-only',
    says: 'acknowledges a compaction, and does not compact',
    every: 1,
    detection: { scenario: 'conformance/ranges', id: 'compacted-read-rejected' },
    start: acknowledgesOnly(compact),
  },
  {
    kind,
    name: 'compaction-too-far',
    says: 'compacts one revision more than the client asks for',
    every: 1,
    detection: { scenario: compaction, id: 'compaction-keeps-its-revision' },
    start: altersRequest<{ readonly revision: string }>(compact, ({ revision, ...request }) => ({
      ...request,
      revision: plus(revision, 1),
    })),
  },
  {
    kind,
    name: 'defragmentation-acknowledged-only',
    says: 'acknowledges a defragmentation, and does not defragment',
    every: 1,
    detection: { scenario: compaction, id: 'defragmentation-shrinks-database' },
    start: acknowledgesOnly(defragment),
  },
  {
    kind,
    name: 'leader-move-acknowledged-only',
    says: 'acknowledges that it hands over leadership, and goes on leading',
    every: 1,
    detection: { scenario, members, id: 'leadership-moves-to-target' },
    start: acknowledgesOnly(moveLeader),
  },
  {
    kind,
    name: 'snapshot-cut-short',
    says: 'leaves a piece out of a snapshot',
    every: 1,
    detection: { scenario, members, id: 'snapshot-ends-with-hash' },
    start: (isDue) => ({
      stream: (method) => {
        if (!isOf(method, snapshot)) return {}
        let pieces = 0
        return {
          response: (bytes, { toClient }) => {
            pieces++
            if (pieces !== 1 || !isDue()) toClient(bytes)
          },
        }
      },
    }),
  },
  {
    kind,
    name: 'snapshot-repeated',
    says: 'answers every snapshot with the first one',
    every: 1,
    detection: { scenario, members, id: 'snapshot-holds-latest-write' },
    start: repeatsFirstSnapshot,
  },
  {
    kind,
    name: 'hash-always-same',
    says: 'answers the same hash for every revision, and on every member',
    every: 1,
    detection: { scenario, members, id: 'hash-differs-by-revision' },
    start: altersAnswer<WireAnswer>(hashKv, (answer) => ({ ...answer, hash: 1 })),
  },
  {
    kind,
    name: 'hash-altered',
    says: 'answers a hash that other members do not have',
    every: 2,
    detection: { scenario, members, id: 'hashes-agree' },
    start: altersAnswer<WireAnswer & { readonly hash: number }>(hashKv, (answer) => ({
      ...answer,
      hash: answer.hash ^ 1,
    })),
  },
  {
    kind,
    name: 'hash-compaction-off-by-one',
    says: 'answers a hash as of a compaction that is one revision off',
    every: 1,
    detection: { scenario: compaction, id: 'hash-names-compaction' },
    start: altersAnswer<WireAnswer & { readonly compactRevision: string }>(hashKv, (answer) => ({
      ...answer,
      compactRevision: plus(answer.compactRevision, 1),
    })),
  },
  {
    kind,
    name: 'member-unlisted',
    says: 'leaves a member out of the member list',
    every: 1,
    detection: { scenario, members, id: 'member-list-has-own-ids' },
    start: altersMembers(([_, ...others]) => others),
  },
  {
    kind,
    name: 'member-at-other-address',
    says: 'lists a member at an address where it is not',
    every: 1,
    detection: { scenario, members, id: 'member-list-has-own-urls' },
    start: altersMembers(([first, ...others]) => [
      { ...first, peerURLs: ['https://192.0.2.1:2380'] },
      ...others,
    ]),
  },
  {
    kind,
    name: 'member-as-learner',
    says: 'lists a voter as a learner',
    every: 1,
    detection: { scenario, members, id: 'member-list-has-own-urls' },
    start: altersMembers(([first, ...others]) => [{ ...first, isLearner: true }, ...others]),
  },
]

function altersMembers(alter: (members: readonly object[]) => readonly object[]): StartLie {
  return altersAnswer<WireAnswer & { readonly members: readonly object[] }>(
    memberList,
    ({ members, ...answer }) => ({ ...answer, members: alter(members) }),
  )
}

interface WireAlarms extends WireAnswer {
  readonly alarms: readonly object[]
}

function acknowledgesAlarm(
  only: WireAlarmRequest['action'],
  before: (exchange: Exchange) => void = () => {},
): StartLie {
  return answersItself<WireAlarmRequest>(alarm, ({ action }) =>
    action === only
      ? async (exchange) => {
          before(exchange)
          return { header: await presentHeader(exchange), alarms: [] }
        }
      : undefined,
  )
}

function repeatsFirstSnapshot(isDue: () => boolean): Interceptor {
  let first: Buffer[] | undefined
  return {
    stream: (method) => {
      if (!isOf(method, snapshot)) return {}
      const repeated = first
      if (repeated === undefined || !isDue()) {
        const pieces: Buffer[] = []
        first ??= pieces
        return {
          response: (bytes, { toClient }) => {
            pieces.push(bytes)
            toClient(bytes)
          },
        }
      }
      let at = 0
      return {
        response: (_bytes, { toClient }) => {
          const piece = repeated[at++]
          if (piece !== undefined) toClient(piece)
        },
      }
    },
  }
}
