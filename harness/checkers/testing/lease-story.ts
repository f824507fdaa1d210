import type { Effect } from '../../core/effect.ts'
import type { LeaseEntry, LeaseLog } from '../../history/logs/lease.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { leaseChecker } from '../lease.ts'

/** What happened, in the order of its seconds. */
export interface LeaseStory {
  readonly events: HistoryEvent[]
  readonly entries: LeaseEntry[]
  waitsForExpiry?: boolean
}

export const ns = (atS: number) => Math.round(atS * 1e9)
/** How long every request takes. */
export const quickS = 0.01
let process = 0

/** Adds one thing that happened. */
export type StoryPart = (story: LeaseStory) => void

export const granted = (atS: number, ttlS = 3): StoryPart => asked('grant', atS, { ttlS }, 'ok')
export const kept = (
  atS: number,
  more: { type?: string; ttlS?: number; member?: string; door?: string } = {},
): StoryPart => asked('keepalive', atS, { ttlS: more.ttlS ?? 3 }, more.type ?? 'ok', placeOf(more))
export const revoked = (atS: number, type = 'ok'): StoryPart => asked('revoke', atS, {}, type)

const placeOf = ({ member = 'm1', door }: { member?: string; door?: string }) =>
  door === undefined ? { member } : { door }

function asked(
  f: string,
  atS: number,
  ttl: object,
  type: string,
  place: object = placeOf({}),
): StoryPart {
  return ({ entries }) => {
    const request = { process: ++process, f, lease: '7' }
    entries.push({
      type: 'invoke',
      ...request,
      ...place,
      ...(f === 'grant' && ttl),
      timeNs: ns(atS),
    } as LeaseEntry)
    if (type === 'never') return
    entries.push({ type, ...request, ...ttl, timeNs: ns(atS + quickS) } as LeaseEntry)
  }
}

export const leader =
  (atS: number, former?: string): StoryPart =>
  ({ entries }) => {
    const led = former !== undefined && { former }
    entries.push({ type: 'leader', term: 3, timeNs: ns(atS), ...led })
  }

export const put =
  (atS: number, type: 'ok' | 'fail' | 'info' = 'ok'): StoryPart =>
  ({ events }) => {
    const at = { process: ++process, f: 'put', key: 'a' }
    events.push({ type: 'invoke', ...at, value: 'v', lease: '7', timeNs: ns(atS) })
    events.push({ type, ...at, timeNs: ns(atS + quickS) })
  }

export const read =
  (atS: number, value: string | null, serializable = false): StoryPart =>
  ({ events }) => {
    const at = { process: ++process, f: 'get', key: 'a' }
    const stale = serializable && { serializable }
    events.push({ type: 'invoke', ...at, ...stale, timeNs: ns(atS) })
    events.push({ type: 'ok', ...at, value, timeNs: ns(atS + quickS) })
  }

export const fault =
  (fromS: number, toS: number, targets = ['m2'], effect: Effect = 'cuts'): StoryPart =>
  ({ events }) => {
    // Its name says nothing: the checker reads the effect.
    const named = { type: 'fault', name: 'fault', targets, effect } as const
    events.push({ ...named, phase: 'begin', timeNs: ns(fromS) })
    if (toS < Infinity) events.push({ ...named, phase: 'end', timeNs: ns(toS) })
  }

/** As histories have it from before effects were recorded. */
export const withoutEffect =
  (fromS: number, toS: number): StoryPart =>
  ({ events }) => {
    const named = { type: 'fault', name: 'isolate', targets: ['m2'] } as const
    events.push({ ...named, phase: 'begin', timeNs: ns(fromS) })
    events.push({ ...named, phase: 'end', timeNs: ns(toS) })
  }

/** The verdict on what happened. */
export function judged(...parts: StoryPart[]) {
  const story: LeaseStory = { events: [], entries: [] }
  for (const part of parts) part(story)
  const { waitsForExpiry } = story
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const leases: LeaseLog = {
    header: {
      format: 'gauntlet-lease/1',
      slackMs: 5_000,
      ...(waitsForExpiry !== undefined && { waitsForExpiry }),
    },
    entries: story.entries,
  }
  story.events.sort((one, other) => one.timeNs - other.timeNs)
  return leaseChecker.check({ history: { header, events: story.events }, leases })
}

/** A lease of three seconds, granted at 1 s, and a put of `a` with it. */
export const begun = [granted(1), put(1.1)]
export const verdict = (...parts: StoryPart[]) => judged(...parts).verdict
