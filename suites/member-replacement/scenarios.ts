import type { Scenario } from '../../harness/index.ts'
import { movedMember } from './moved-member.ts'
import { oldData } from './old-data.ts'
import { operatorMistakes } from './operator-mistakes.ts'
import { rejectedChanges } from './rejected-changes.ts'
import { replacement } from './replacement.ts'

export const scenarios: readonly Scenario[] = [
  ...replacement,
  ...rejectedChanges,
  ...oldData,
  ...operatorMistakes,
  movedMember,
]
