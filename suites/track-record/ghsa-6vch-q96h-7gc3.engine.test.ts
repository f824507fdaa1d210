import { ghsa6vch } from './ghsa-6vch-q96h-7gc3.ts'
import { testBothSides } from './testing/both-sides.ts'

testBothSides(ghsa6vch)
