import { ghsa3wh4 } from './ghsa-3wh4-j44w-pg92.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(ghsa3wh4)
