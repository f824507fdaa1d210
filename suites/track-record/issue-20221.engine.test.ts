import { issue20221 } from './issue-20221.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue20221)
