import { issue21640 } from './issue-21640.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue21640)
