import { status } from '@grpc/grpc-js'
import { delaysOnWatches, holdsBack, holdsBackUntil } from '../holding-back.ts'
import { rejects } from '../interceptors.ts'
import type { Lie, Method } from '../lie.ts'
import { deleteRange, isOf, leaseGrant, put, range, txn } from '../methods.ts'
import { altersResponse } from '../watch-interceptors.ts'

const kind = 'liveness'
const isWrite = (method: Method) => [put, deleteRange, txn].some((one) => isOf(one, method))
const isRequest = (method: Method) => isWrite(method) || isOf(method, range)

const tooMany = { code: status.RESOURCE_EXHAUSTED, details: 'etcdserver: too many requests' }

const stallMs = 400
/** Each second begins with a stall, which ends for all at once. */
const leftOfStallMs = () => Math.max(0, stallMs - (performance.now() % 1_000))

/** Medians and deadlines are kept, and the share of requests that are served. */
export const slownessLies: readonly Lie[] = [
  {
    kind,
    name: 'stalled-each-second',
    says: 'answers nothing for 400 ms of each second',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/leases', id: 'objective/silentPercent' },
    isTimed: true,
    start: holdsBackUntil(isRequest, leftOfStallMs),
  },
  {
    kind,
    name: 'member-stalled-each-second',
    says: 'answers the clients of one member nothing for 400 ms of each second',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/leases', members: 3, id: 'objective/silentPercent' },
    isTimed: true,
    start: holdsBackUntil(isRequest, leftOfStallMs, ({ member }) => member === 1),
  },
  {
    kind,
    name: 'grants-delayed',
    says: 'answers every grant of a lease after 450 ms',
    every: 1,
    detection: { scenario: 'conformance/leases', id: 'objective/slowRequestsPercent' },
    isTimed: true,
    start: holdsBack((method) => isOf(method, leaseGrant), 450),
  },
  {
    kind,
    name: 'all-delayed',
    says: 'answers every request 300 ms later',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/unhinderedP50Ms' },
    isTimed: true,
    start: holdsBack(isRequest, 300),
  },
  {
    kind,
    name: 'tenth-delayed',
    says: 'answers each tenth request after 450 ms',
    every: 10,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/slowRequestsPercent' },
    isTimed: true,
    start: holdsBack(isRequest, 450),
  },
  {
    kind,
    name: 'watch-stalled',
    says: 'delivers no events for 500 ms again and again',
    every: 200,
    detection: { scenario: 'conformance/leases', id: 'objective/lateEventsPercent' },
    isTimed: true,
    start: delaysOnWatches(500, ({ events }) => events.length > 0),
  },
  {
    kind,
    name: 'watches-begin-late',
    says: 'confirms each watch after two seconds',
    every: 1,
    detection: { scenario: 'conformance/leases', id: 'objective/slowWatches' },
    isTimed: true,
    start: delaysOnWatches(2_000, ({ created }) => created),
  },
  {
    kind,
    name: 'watches-broken-off',
    says: 'ends watches for want of a leader, which there is',
    every: 100,
    detection: { scenario: 'conformance/leases', id: 'objective/brokenWatches' },
    start: altersResponse((response) => [
      { ...response, events: [], canceled: true, cancelReason: 'etcdserver: no leader' },
    ]),
  },
  {
    kind,
    name: 'few-refused',
    says: 'refuses each 120th request',
    every: 120,
    detection: { scenario: 'conformance/leases', id: 'served-without-fault' },
    start: rejects(tooMany, { isDone: false, isMeant: isRequest }),
  },
]
