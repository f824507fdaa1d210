import { testBothSides } from './both-sides.ts'
import { issue15247 } from './issue-15247.ts'

testBothSides(issue15247)
