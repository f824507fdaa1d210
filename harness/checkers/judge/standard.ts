import type { Checker } from '../checker.ts'
import { convergenceChecker } from '../convergence.ts'
import { durabilityChecker } from '../durability.ts'
import { etcdLinearizabilityChecker } from '../etcd-linearizability.ts'
import { headersChecker } from '../headers.ts'
import { keyMetadataChecker } from '../key-metadata.ts'
import { logsChecker } from '../logs.ts'
import { refusalsChecker } from '../refusals.ts'
import { revisionsChecker } from '../revisions.ts'
import { serializableChecker } from '../serializable.ts'
import { writeAheadLogChecker } from '../write-ahead-log.ts'

/** What every scenario's evidence is judged by, whatever was done to the cluster. */
export const standardCheckers: readonly Checker[] = [
  etcdLinearizabilityChecker,
  durabilityChecker,
  serializableChecker,
  keyMetadataChecker,
  revisionsChecker,
  headersChecker,
  convergenceChecker,
  logsChecker,
  refusalsChecker,
  writeAheadLogChecker,
]
