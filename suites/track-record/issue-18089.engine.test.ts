import { issue18089 } from './issue-18089.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(issue18089)
