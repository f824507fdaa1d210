import { describeSuite } from '../../harness/vitest.ts'
import { scenarios } from './scenarios.ts'

describeSuite(scenarios)
