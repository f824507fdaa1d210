import { issue15220 } from './issue-15220.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue15220)
