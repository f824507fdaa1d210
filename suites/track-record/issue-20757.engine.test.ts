import { issue20757 } from './issue-20757.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue20757)
