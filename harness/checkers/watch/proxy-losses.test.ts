import { expect, test } from 'vitest'
import type { WatchEntry, WatchOpening } from '../../history/logs/watch.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { watchChecker } from '../watch.ts'

const last = 2_600

/** Half of what the workload writes are deletes. */
const eventAt = (modRevision: number) =>
  modRevision % 2 === 0
    ? {
        type: 'put' as const,
        key: `k${modRevision}`,
        value: `v${modRevision}`,
        modRevision,
        createRevision: modRevision,
        version: 1,
      }
    : { type: 'delete' as const, key: `k${modRevision - 1}`, modRevision }

type Wanted = (revision: number) => boolean
const every: Wanted = () => true

interface Stream extends Partial<WatchOpening> {
  /** Responses: the revisions of each, first and last, and the revision of its header. */
  readonly receives: readonly (readonly [from: number, to: number, header: number])[]
  readonly wants?: Wanted
}

/** One revision a response, as a watcher receives what happens now. */
const live = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => {
    return [from + at, from + at, from + at] as const
  })

function entriesOf(stream: number, { receives, wants = every, ...opening }: Stream): WatchEntry[] {
  const { startRevision = 2 } = opening
  const responses = receives.flatMap(([from, to, revision]) => {
    const revisions = Array.from({ length: to - from + 1 }, (_, at) => from + at).filter(wants)
    const events = revisions.map(eventAt)
    return events.length === 0 ? [] : [{ type: 'events' as const, stream, revision, events }]
  })
  const timed = [
    { type: 'open' as const, stream, member: 'm1', prevKv: false, ...opening, startRevision },
    { type: 'created' as const, stream, revision: 0 },
    ...responses,
  ]
  return timed.map((entry) => ({ ...entry, timeNs: 1 }))
}

const direct: Stream = { watcher: 'm1-direct', direct: true, receives: live(2, last) }
/** The watcher of the door that is up to date. */
const ownOfDoor: Stream = { receives: live(2, last) }

/** Streams in the order in which they were read; `m1` is the member beside the door. */
function judge(...streams: readonly Stream[]) {
  const events = Array.from({ length: last - 1 }, (_, at): HistoryEvent[] => {
    const { type: f, key, modRevision: revision, ...more } = eventAt(at + 2)
    const value = 'value' in more && { value: more.value }
    return [
      { type: 'invoke', process: 0, f, key, timeNs: 0, ...value },
      {
        type: 'ok',
        process: 0,
        f,
        key,
        timeNs: 2,
        revision,
        ...(f === 'delete' && { deleted: 1 }),
      },
    ]
  }).flat()
  return watchChecker.check({
    history: { header: { format: 'gauntlet-history/1', model: 'etcd' }, events },
    watches: {
      header: {
        format: 'gauntlet-watch/2',
        fromEmpty: true,
        recordsResponses: true,
        sharesWatches: true,
      },
      entries: streams.flatMap((stream, index) => entriesOf(index, stream)),
    },
  })
}

/** It reads old events in a whole piece, and then goes on where another watch of the door is. */
const moved: Stream = {
  watcher: 'm1-late-0',
  receives: [[2, 1_001, 2_400], ...live(2_301, last)],
}

const codesOf = (...streams: readonly Stream[]) => {
  const { codes, verdict, reason } = judge(...streams)
  expect(verdict, reason).toBe(codes === undefined ? 'valid' : 'invalid')
  return codes ?? []
}

test('watchers behind a proxy and beside it that receive everything are valid', () => {
  expect(codesOf(direct, ownOfDoor)).toEqual([])
  const whole: Stream = {
    ...moved,
    receives: [[2, 1_001, 2_400], [1_002, 2_001, 2_400], ...live(2_002, last)],
  }
  expect(codesOf(direct, ownOfDoor, whole)).toEqual([])
})

test('a proxy lost what is missing after a whole piece of old events that claims it', () => {
  expect(codesOf(direct, ownOfDoor, moved)).toEqual(['event-lost-by-proxy'])
  const { reason } = judge(direct, ownOfDoor, moved)
  expect(reason).toContain('at revision 1002 is missing after a piece of old events up to 1001')
  expect(reason).toContain('headed 2400')
})

test('the proxy is not known to have lost what no watcher of a member received', () => {
  expect(codesOf(ownOfDoor, moved)).toContain('event-missing')
  expect(codesOf(ownOfDoor, moved)).not.toContain('event-lost-by-proxy')
})

test('what a member withholds from its own watcher, too, is missing', () => {
  const receives = live(2, last).filter(([revision]) => revision !== 1_500)
  expect(codesOf({ ...direct, receives }, ownOfDoor, moved)).toContain('event-missing')
})

test('an event that is lost among live ones is missing, whatever other watchers read before', () => {
  const receives = live(2, last).filter(([revision]) => revision !== 2_500)
  expect(codesOf(direct, { receives })).toContain('event-missing')
  expect(codesOf(direct, { receives })).not.toContain('event-lost-by-proxy')
  expect(codesOf(direct, moved, { receives })).toContain('event-missing')
})

test('an event that is lost after a piece that was not whole is missing', () => {
  const few: Stream = {
    watcher: 'm1-late-0',
    startRevision: 500,
    receives: [[500, 1_001, 2_400], ...live(2_301, last)],
  }
  expect(codesOf(direct, ownOfDoor, few)).toEqual(['event-missing'])
})

test('an event that is newer than the piece claims is missing', () => {
  const receives = [[2, 1_001, 1_800], ...live(2_301, last)] as const
  expect(codesOf(direct, ownOfDoor, { ...moved, receives })).toContain('event-missing')
})

test('a watcher that leaves out events receives a part of each piece', () => {
  const puts: Stream = { ...moved, without: ['delete'], wants: (revision) => revision % 2 === 0 }
  expect(codesOf(direct, ownOfDoor, puts)).toEqual(['event-lost-by-proxy'])
})

test('a watcher that joined the one that read the piece loses what that one loses', () => {
  const joined: Stream = {
    watcher: 'm1-joined-1',
    startRevision: 1_400,
    receives: live(2_301, last),
  }
  const reader: Stream = { ...moved, receives: [[2, 1_001, 2_400]] }
  expect(codesOf(direct, ownOfDoor, reader, joined)).toEqual(['event-lost-by-proxy'])
  expect(codesOf(direct, ownOfDoor, joined)).toEqual(['event-missing'])
  // It came through another door.
  expect(codesOf(direct, ownOfDoor, { ...reader, member: 'm2' }, joined)).toEqual(['event-missing'])
})

test('an event that is missing inside of the next piece is missing', () => {
  const receives = [[2, 1_001, 2_400], [1_002, 2_001, 2_400], ...live(2_002, last)] as const
  const wants: Wanted = (revision) => revision !== 1_500
  expect(codesOf(direct, ownOfDoor, { ...moved, receives, wants })).toContain('event-missing')
})
