import { expect, test } from 'vitest'
import { type AnswerStream, serve } from '../load/http2/testing/grpc-server.ts'
import { chooseEndpoints } from './member-endpoints.ts'

/** A RangeResponse with the revision 1 in its header. */
const answerRange: AnswerStream = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(Buffer.from([0, 0, 0, 0, 4, 0x0a, 2, 0x18, 1]))
}

const published = 'http://127.0.0.1:2'

test('members are reached directly where all of them answer so', async () => {
  const { endpoint } = await serve(answerRange)
  const members = ['m1', 'm2'].map((name) => ({ name, direct: endpoint, published }))
  const chosen = await chooseEndpoints(members, undefined)
  expect([...chosen]).toEqual([
    ['m1', endpoint],
    ['m2', endpoint],
  ])
})

test('all members are reached by their published ports where one does not answer directly', async () => {
  const { endpoint } = await serve(answerRange)
  const members = [
    { name: 'm1', direct: endpoint, published },
    { name: 'm2', direct: 'http://127.0.0.1:1', published },
  ]
  const chosen = await chooseEndpoints(members, undefined)
  expect([...chosen.values()]).toEqual([published, published])
})
