import { describeLies } from '../shared/testing/describe-lies.ts'
import { scenarios } from './scenarios.ts'

describeLies(scenarios, { timed: true })
