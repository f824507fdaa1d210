import { testBothSides } from './both-sides.ts'
import { unaware18089 } from './unaware-18089.ts'

testBothSides(unaware18089)
