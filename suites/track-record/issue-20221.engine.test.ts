import { testBothSides } from './both-sides.ts'
import { issue20221 } from './issue-20221.ts'

testBothSides(issue20221)
