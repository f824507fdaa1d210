import { issue15247 } from './issue-15247.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue15247)
