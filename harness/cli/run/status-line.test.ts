import { expect, test } from 'vitest'
import { openStatusLine } from './status-line.ts'

function streamOf(isTTY: boolean) {
  const written: string[] = []
  const write = (chunk: string) => written.push(chunk) > 0
  const stream = { isTTY, columns: 12, write } as unknown as NodeJS.WriteStream
  return { stream, written }
}

test('the line stays below what is written, is cut to the terminal, and is erased at the end', () => {
  const { stream, written } = streamOf(true)
  {
    using _line = openStatusLine(stream, () => 'quorum-loss/leader-killed')
    stream.write('one\n')
  }
  expect(written.join('')).toBe('\r\u001B[2Kone\n\r\u001B[2Kquorum-loss\r\u001B[2K')
})

test('where there is no terminal, nothing but the lines is written', () => {
  const { stream, written } = streamOf(false)
  using _line = openStatusLine(stream, () => 'quorum-loss/leader-killed')
  stream.write('one\n')
  expect(written).toEqual(['one\n'])
})
