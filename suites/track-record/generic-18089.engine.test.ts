import { generic18089 } from './generic-18089.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(generic18089)
