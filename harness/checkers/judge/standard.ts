import type { Checker } from '../checker.ts'
import { convergence } from '../convergence.ts'
import { durability } from '../durability.ts'
import { etcdLinearizability } from '../etcd-linearizability.ts'
import { keyMetadata } from '../key-metadata.ts'
import { logs } from '../logs.ts'
import { revisions } from '../revisions.ts'
import { serializable } from '../serializable.ts'

/** What every scenario's evidence is judged by, whatever was done to the cluster. */
export const standardCheckers: readonly Checker[] = [
  etcdLinearizability,
  durability,
  serializable,
  keyMetadata,
  revisions,
  convergence,
  logs,
]
