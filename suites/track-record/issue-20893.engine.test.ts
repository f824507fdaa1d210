import { testBothSides } from './both-sides.ts'
import { issue20893 } from './issue-20893.ts'

testBothSides(issue20893)
