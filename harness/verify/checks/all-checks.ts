import { certificateChain, certificateDays, certificateNames } from './certificates.ts'
import type { Check } from './check.ts'
import { hash, revision } from './consistency.ts'
import { leader, leaderChanges } from './leadership.ts'
import {
  advertisedUrls,
  learners,
  memberList,
  memberNames,
  oneCluster,
  size,
  versions,
} from './membership.ts'
import { endpoints, peerPorts, probes } from './reachability.ts'
import { alarms, dataSize, fragmentation, quota } from './storage.ts'

/** In the order in which a person reads them. */
export const allChecks: readonly Check[] = [
  endpoints,
  peerPorts,
  ...probes,
  oneCluster,
  memberList,
  memberNames,
  size,
  learners,
  versions,
  advertisedUrls,
  leader,
  leaderChanges,
  alarms,
  quota,
  dataSize,
  fragmentation,
  revision,
  hash,
  certificateChain,
  certificateNames,
  certificateDays,
]
