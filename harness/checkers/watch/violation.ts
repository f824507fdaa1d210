/** Each guarantee that a watch may break, with the code of breaking it. */
export const codeOf = {
  ordered: 'event-out-of-order',
  unique: 'event-duplicated',
  atomic: 'revision-split',
  reliable: 'event-missing',
  'reliable behind a proxy': 'event-lost-by-proxy',
  'without a gap': 'stream-gap',
  'cancelled by a compaction': 'compaction-not-requested',
  'cancelled for a reason': 'cancelled-without-reason',
  'behind the store': 'ahead-of-store',
  'as new as its events': 'header-behind-events',
  resumable: 'event-before-start',
  bookmarkable: 'event-after-bookmark',
  'previous value': 'wrong-previous-value',
  'created or modified': 'wrong-creation-or-version',
  'same for all': 'watchers-disagree',
  'only what was written': 'unwritten-event',
  'only what was asked for': 'event-not-asked-for',
  'limited to its own responses': 'response-of-other-watch',
  'limited to whole responses': 'fragment-not-asked-for',
} as const

export type Guarantee = keyof typeof codeOf

export interface WatchViolation {
  readonly guarantee: Guarantee
  readonly member: string
  readonly revision: number
  readonly text: string
}

export type ReportViolation = (found: WatchViolation) => void
