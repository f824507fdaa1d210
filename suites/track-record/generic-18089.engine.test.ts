import { testBothSides } from './both-sides.ts'
import { generic18089 } from './generic-18089.ts'

testBothSides(generic18089)
