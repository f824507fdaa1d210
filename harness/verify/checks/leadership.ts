import {
  type Check,
  cluster,
  eachAnswer,
  type Finding,
  formatGroups,
  memberName,
  noAnswer,
  skipped,
  statusesOf,
} from './check.ts'
import type { ClusterView } from './cluster-view.ts'

/** An election that ends between two looks is no fault: both must show it. */
export const leader: Check = {
  name: 'leader',
  holds: 'All members follow one leader',
  codes: ['no-leader', 'leaders-differ'],
  run: (view) => {
    const first = leadersOf(view, 'status')
    if (first.length === 0) return skipped([noAnswer])
    const later = leadersOf(view, 'laterStatus')
    const isPersistent = ({ code, subject }: Finding) =>
      findTrouble(first).some((other) => other.code === code && other.subject === subject)
    return {
      findings: findTrouble(later).filter(isPersistent),
      seen: formatGroups(later.length > 0 ? later : first),
      notChecked: [],
    }
  },
}

type Row = readonly [name: string, leader: string]

const none = 'none'

function leadersOf(view: ClusterView, which: 'status' | 'laterStatus'): readonly Row[] {
  return statusesOf(view, which).map(({ name, status: { leaderId } }) => [
    name,
    leaderId === '0' ? none : memberName(view, leaderId),
  ])
}

function findTrouble(rows: readonly Row[]): readonly Finding[] {
  const leaderless = rows
    .filter(([, found]) => found === none)
    .map(([subject, found]) => ({ code: 'no-leader', subject, expected: 'a leader', found }))
  const known = rows.filter(([, found]) => found !== none)
  if (new Set(known.map(([, found]) => found)).size < 2) return leaderless
  const found = formatGroups(known)
  const differ = { code: 'leaders-differ', subject: cluster, expected: 'one leader', found }
  return [...leaderless, differ]
}

/** etcd's own alert counts from four changes on (`etcdHighNumberOfLeaderChanges`, contrib/mixin). */
const manyChanges = 4
const secondsPerHour = 3_600

export const leaderChanges: Check = {
  name: 'leader-changes',
  holds: `No member has seen ${manyChanges} or more changes of leader, above one an hour, since it started`,
  codes: ['leader-changes-often'],
  run: (view) =>
    eachAnswer(
      view,
      ({ metrics }) => metrics,
      ({ value: { leaderChanges: seen, upSeconds }, subject }) => {
        if (seen === undefined || upSeconds === undefined) return []
        // The first leader that a process sees is no change.
        const changes = seen - 1
        if (changes < manyChanges || changes <= upSeconds / secondsPerHour) return []
        const found = `${changes} in ${formatHours(upSeconds)}`
        return [
          { code: 'leader-changes-often', subject, expected: 'rare changes of leader', found },
        ]
      },
    ),
}

function formatHours(seconds: number): string {
  return seconds < secondsPerHour
    ? `${Math.ceil(seconds / 60)} minutes`
    : `${(seconds / secondsPerHour).toFixed(1)} hours`
}
