import { describeLies } from '../shared/testing/describe-lies.ts'
import { keyValue } from './keys/key-value.ts'
import { ranges } from './ranges/ranges.ts'
import { transactions } from './transactions/transactions.ts'

// One half of the suite's lies, so that two files can run at a time.
describeLies([keyValue, ranges, transactions])
