import type { DoorKind } from './door.ts'

/** A promise of etcd's to its clients, and what is left of it behind each door: empty = all of it. */
export interface DoorPromise {
  readonly promise: string
  readonly behind: Readonly<Record<DoorKind, string>>
}

const holds = ''
const anyMember = 'answers come from any member'

/** For people: what the checkers and objectives of a run make of it is in door.ts. */
export const doorPromises: readonly DoorPromise[] = [
  {
    promise: 'linearizable reads, writes and transactions; nothing acknowledged is lost',
    behind: { gateway: holds, 'grpc-proxy': holds },
  },
  {
    promise: 'leases, locks',
    behind: {
      gateway: holds,
      'grpc-proxy':
        'hold; a renewal waits for the proxy’s own, for half a second or a third of the lease and half a second more',
    },
  },
  {
    promise: 'watches: every event once, in order',
    behind: {
      gateway: holds,
      'grpc-proxy':
        'no: a watcher that begins in the past, or after a compaction, may miss events; no progress on request (3.3 exits for it), no reason of a cancellation, no watch id of one’s own, no fragments, the first response names the requested revision, and a compaction may cancel a watcher that had received what it took, where another one on the same watch had not',
    },
  },
  {
    promise: 'serializable reads of one session do not go back',
    behind: {
      gateway: 'within a connection; the next one may be to a member that is behind',
      'grpc-proxy': 'no: it answers from memory what it once read, however old',
    },
  },
  {
    promise: 'the header of an answer names the member and its term',
    behind: { gateway: anyMember, 'grpc-proxy': `${anyMember}, and from memory` },
  },
  {
    promise: 'an error has etcd’s code',
    behind: {
      gateway: holds,
      'grpc-proxy': 'its words alone: for keys and leases the code is UNKNOWN',
    },
  },
  {
    promise: 'a renewal of a lease that is gone answers 0 s; RangeStream (3.7)',
    behind: { gateway: holds, 'grpc-proxy': 'it answers -1 s; no RangeStream' },
  },
  {
    promise: 'users by certificate',
    behind: {
      gateway: holds,
      'grpc-proxy': 'no: it ends TLS, and exits for a certificate with a name',
    },
  },
  {
    promise: 'a user watches and reads what its role allows',
    behind: {
      gateway: holds,
      'grpc-proxy':
        'not for sure: all watches are on one stream, which has the token of the user who came first, and answers from memory ask for no right',
    },
  },
  {
    promise: 'clients of a member that exits',
    behind: {
      gateway: 'connect to another one: better than direct',
      'grpc-proxy': 'are served by the others: better than direct',
    },
  },
  {
    promise: 'clients of other members notice nothing of one that is cut off or frozen',
    behind: {
      gateway: 'no: whoever is connected to it stays there',
      'grpc-proxy': 'no: it gets its share of every client’s requests, which wait in vain',
    },
  },
  {
    promise: 'requests about one member: status, hash, defragmentation, a move of leadership',
    behind: { gateway: anyMember, 'grpc-proxy': anyMember },
  },
]
