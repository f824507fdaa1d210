import type { Lie, StartLie } from '../lie.ts'
import { decodeAnswer, encodeAnswer, plus, type WireHeader } from '../messages.ts'

const kind = 'header'
const scenario = 'conformance/key-value'

/** The header of an answer names another cluster, member or term than the one that answers. */
export const headerLies: readonly Lie[] = [
  {
    kind,
    name: 'header-of-other-cluster',
    says: 'answers in the name of another cluster',
    every: 20,
    detection: { scenario, id: 'headers/other-cluster' },
    start: altersHeader(({ clusterId }) => ({ clusterId: plus(clusterId, -1) })),
  },
  {
    kind,
    name: 'header-of-other-member',
    says: 'answers in the name of another member',
    every: 20,
    detection: { scenario, id: 'headers/other-member' },
    start: altersHeader(({ memberId }) => ({ memberId: plus(memberId, -1) })),
  },
  {
    kind,
    name: 'header-of-same-member',
    says: 'answers in the name of one member, whichever answers',
    every: 1,
    detection: { scenario, members: 3, id: 'headers/shared-member-id' },
    start: altersHeader(() => ({ memberId: '1' })),
  },
  {
    kind,
    name: 'header-of-past-term',
    says: 'answers with a term of raft before the one it has answered',
    every: 20,
    detection: { scenario, id: 'headers/term-decreased' },
    start: altersHeader(({ raftTerm }) => ({ raftTerm: plus(raftTerm, -1) })),
  },
  {
    kind,
    name: 'header-of-first-term',
    says: 'answers with the first term of raft that it has answered, whoever leads',
    every: 1,
    detection: { scenario: 'conformance/maintenance', members: 3, id: 'answers-name-new-term' },
    start: (isDue) => {
      let first: string | undefined
      return altersHeader(({ raftTerm }) => {
        first ??= raftTerm
        return { raftTerm: first }
      })(isDue)
    },
  },
]

/** Alters the header of every answer that has one, of any service. */
function altersHeader(alter: (header: WireHeader) => Partial<WireHeader>): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      const bytes = await exchange.forward()
      const answer = decodeAnswer<{ readonly header?: WireHeader | null }>(exchange, bytes)
      const { header } = answer
      if (header == null || !isDue()) return bytes
      return encodeAnswer(exchange, { ...answer, header: { ...header, ...alter(header) } })
    },
  })
}
