import { testBothSides } from './both-sides.ts'
import { issue15220 } from './issue-15220.ts'

testBothSides(issue15220)
