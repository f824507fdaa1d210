import { testBothSides } from './both-sides.ts'
import { issue18089 } from './issue-18089.ts'

testBothSides(issue18089)
