import { altersAnswer, altersRequest } from '../interceptors.ts'
import type { Lie } from '../lie.ts'
import type { WireRangeRequest, WireTxn, WireTxnRequest } from '../messages.ts'
import { txn } from '../methods.ts'

const kind = 'content'
const scenario = 'conformance/transactions'

/** Reads within a transaction ignore a part of their request, where it is there. */
const ignoresInTxn = (isThere: (request: WireRangeRequest) => boolean, instead: object) =>
  altersRequest<WireTxnRequest>(txn, ({ success, ...request }) => {
    if (!success.some(({ requestRange: read }) => read && isThere(read))) return undefined
    const other = success.map(({ requestRange: read, ...step }) =>
      read ? { requestRange: { ...read, ...instead } } : step,
    )
    return { ...request, success: other }
  })

/** A transaction does what it must, and its steps answer something else. */
export const txnStepLies: readonly Lie[] = [
  {
    kind,
    name: 'txn-read-of-another-key',
    says: 'answers a read within a transaction with another key',
    every: 3,
    detection: {
      scenario: 'conformance/key-value',
      id: 'etcd-linearizability/impossible-answer',
    },
    start: altersAnswer<WireTxn>(txn, (answer) => {
      const at = answer.responses.findIndex(({ responseRange: read }) => read?.kvs.length === 1)
      const { responseRange: read, ...response } = answer.responses[at] ?? {}
      if (read === undefined) return undefined
      const kvs = read.kvs.map((kv) => ({ ...kv, key: Buffer.from('another') }))
      const altered = { ...response, responseRange: { ...read, kvs } }
      return { ...answer, responses: answer.responses.with(at, altered) }
    }),
  },
  {
    kind,
    name: 'txn-limit-ignored',
    says: 'answers a limited range of a transaction with all its keys',
    every: 1,
    detection: { scenario, id: 'range-in-txn-is-limited' },
    start: ignoresInTxn(({ limit }) => limit !== '0', { limit: '0' }),
  },
  {
    kind,
    name: 'txn-order-ignored',
    says: 'answers a range in descending order in a transaction as if it was asked in ascending order',
    every: 1,
    detection: { scenario, id: 'range-in-txn-is-range-alone' },
    start: ignoresInTxn(({ sortOrder }) => sortOrder === 'Descend', { sortOrder: 'Ascend' }),
  },
  {
    kind,
    name: 'txn-previous-key-hidden',
    says: 'answers a put in a transaction as if the key had not been there before',
    every: 1,
    detection: { scenario, id: 'steps-return-previous-keys' },
    start: altersAnswer<WireTxn>(txn, ({ responses, ...answer }) =>
      responses.some(({ responsePut }) => responsePut?.prevKv)
        ? {
            ...answer,
            responses: responses.map(({ responsePut, ...step }) =>
              responsePut ? { responsePut: { header: responsePut.header } } : step,
            ),
          }
        : undefined,
    ),
  },
]
