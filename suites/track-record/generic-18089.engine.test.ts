import { testBothSides } from './both-sides.ts'
import { unaware18089 } from './generic-18089.ts'

testBothSides(unaware18089)
