import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createHeaderEncoder } from './header-encoder.ts'

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

test('the memory does not grow with the lists that were encoded once', () => {
  const encoder = createHeaderEncoder()
  const encodeOnce = () => encoder.encode([[':path', '/etcdserverpb.KV/Put']])
  encodeOnce()
  const beforeBytes = usedBytes()
  for (let turn = 0; turn < 100_000; turn++) encodeOnce()
  expect(usedBytes() - beforeBytes).toBeLessThan(5e6)
  expect(encodeOnce()).toHaveLength(1)
})
