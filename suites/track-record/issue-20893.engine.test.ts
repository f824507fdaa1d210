import { issue20893 } from './issue-20893.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue20893)
