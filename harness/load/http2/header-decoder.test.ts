import { expect, test } from 'vitest'
import { createHeaderDecoder } from './header-decoder.ts'

/** RFC 7541, appendix C.6: Huffman-coded answers, a table of 256 bytes that evicts. */
const blocks = [
  '4882640258 85aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
  '4883640effc1c0bf',
  '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'))

const tableOf256 = Buffer.from('3fe101', 'hex')

test('the examples of RFC 7541 are decoded', () => {
  const decode = createHeaderDecoder()
  const [first, second, third] = blocks.map((block, index) =>
    decode(index === 0 ? Buffer.concat([tableOf256, block]) : block),
  )
  const common = [
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ]
  expect(first).toEqual([[':status', '302'], ...common])
  expect(second).toEqual([[':status', '307'], ...common])
  expect(third).toEqual([
    [':status', '200'],
    common[0],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    common[2],
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ])
})

test.each([
  ['an index that no table has', 'c5'],
  ['index 0', '80'],
  ['a text that ends too early', '0085'],
  ['a number that ends too early', 'ff'],
  ['a number without an end', 'ffffffffffffff'],
  ['a number of so many bytes that it is none', `3f${'80'.repeat(200)}01`],
  ['a table larger than allowed', '3fe13f'],
  ['the end of a string within it', '0084ffffffff00'],
])('a block with %s is an error', (_what, hex) => {
  expect(() => createHeaderDecoder()(Buffer.from(hex, 'hex'))).toThrow(/COMPRESSION_ERROR/)
})
