import { expect, test } from 'vitest'
import { clusterSpec } from '../../harness/index.ts'
import { othersWithinOneElection } from './objectives.ts'

test.each([
  // Two election timeouts of 1 s and ten heartbeats of 100 ms, then 500 ms or 5 s and two election timeouts.
  ['3.3.25', 10_000],
  ['3.4.19', 10_000],
  ['3.4.20', 3_500],
  ['3.5.0', 3_500],
  ['3.7.1', 3_500],
])('reads of etcd %s are out for %d ms at most, beyond an election', (version, atMost) => {
  const objectives = othersWithinOneElection(clusterSpec({ version }))
  const boundOf = (wanted: string) => objectives.find(({ measure }) => measure === wanted)
  expect(boundOf('readOutageMs')).toMatchObject({ atMost })
  expect(boundOf('otherMembersReadOutageMs')).toMatchObject({ atMost })
  expect(boundOf('otherMembersWriteOutageMs')).toMatchObject({ atMost: 3_000 })
})
