import { describeLies } from '../shared/testing/describe-lies.ts'
import { keyValue } from './keys/key-value.ts'
import { ranges } from './ranges/ranges.ts'
import { scenarios } from './scenarios.ts'
import { transactions } from './transactions/transactions.ts'

// The other half is in lies-of-keys.engine.test.ts.
const others = [keyValue, ranges, transactions]
describeLies(scenarios.filter((scenario) => !others.includes(scenario)))
