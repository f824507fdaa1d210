import { testBothSides } from './both-sides.ts'
import { issue21640 } from './issue-21640.ts'

testBothSides(issue21640)
