import { issue21550 } from './issue-21550.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue21550)
