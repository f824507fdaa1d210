import { describeLies } from '../shared/testing/describe-lies.ts'
import { keyValue } from './key-value.ts'
import { ranges } from './ranges.ts'
import { transactions } from './transactions.ts'

// One half of the suite's lies, so that two files can run at a time.
describeLies([keyValue, ranges, transactions])
