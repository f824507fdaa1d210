import type { Scenario } from '../../harness/index.ts'
import { defaults } from './defaults.ts'
import { effects } from './effects.ts'
import { precedence } from './precedence.ts'
import { ways } from './ways.ts'

export const scenarios: readonly Scenario[] = [defaults, ways, precedence, effects]
