import type { Lie } from '../lie.ts'
import { plus } from '../messages.ts'
import { altersCreation } from '../watch-interceptors.ts'

const kind = 'watch'
const scenario = 'conformance/key-value'

/** A watch is on other keys, kinds of events or revisions than the client asks for. */
export const watchRequestLies: readonly Lie[] = [
  {
    kind,
    name: 'watch-filter-ignored',
    says: 'delivers the events that a watch filters out',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'noput-filter-leaves-deletes' },
    start: altersCreation((create) =>
      create.filters.length === 0 ? undefined : { ...create, filters: [] },
    ),
  },
  {
    kind,
    name: 'watch-of-other-keys',
    says: 'delivers the events of other keys, too',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'key-watch-delivers-own-key' },
    start: altersCreation((create) =>
      create.rangeEnd.length > 0
        ? undefined
        : { ...create, key: Buffer.from('\0'), rangeEnd: Buffer.from('\0') },
    ),
  },
  {
    kind,
    name: 'watch-of-longer-keys',
    says: 'delivers the events of keys that begin as the watched one does, too',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'key-watch-delivers-own-key' },
    start: altersCreation(({ key, rangeEnd, ...create }) =>
      rangeEnd.length > 0
        ? undefined
        : { ...create, key, rangeEnd: Buffer.concat([key, Buffer.from([0xff])]) },
    ),
  },
  {
    kind,
    name: 'watch-includes-range-end',
    says: 'delivers the events of the key at the end of a range, too',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'range-watch-excludes-its-end' },
    start: altersCreation(({ rangeEnd, ...create }) =>
      rangeEnd.length < 2
        ? undefined
        : { ...create, rangeEnd: Buffer.concat([rangeEnd, Buffer.from('\0')]) },
    ),
  },
  {
    kind,
    name: 'watch-starts-late',
    says: 'starts a watch twenty revisions after the one that the client asks for',
    every: 1,
    detection: { scenario, id: 'watch/event-missing' },
    start: altersCreation((create) =>
      create.startRevision === '0'
        ? undefined
        : { ...create, startRevision: plus(create.startRevision, 20) },
    ),
  },
]
