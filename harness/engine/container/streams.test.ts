import { expect, test } from 'vitest'
import { demultiplex } from './streams.ts'

const frame = (type: number, text: string) => {
  const header = Buffer.alloc(8)
  header[0] = type
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

test('output and error are separate, and merged in the order they were written', () => {
  const stream = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, 'three\n')])
  expect(demultiplex(stream)).toEqual({
    stdout: 'one\nthree\n',
    stderr: 'two\n',
    merged: 'one\ntwo\nthree\n',
  })
})

test('a character split between two frames is whole again', () => {
  const bytes = Buffer.from('é')
  const stream = [bytes.subarray(0, 1), bytes.subarray(1)].map((half) => {
    const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1])
    return Buffer.concat([header, half])
  })
  expect(demultiplex(Buffer.concat(stream)).stdout).toBe('é')
})

test('a frame cut short at the end keeps what it has', () => {
  expect(demultiplex(frame(1, 'whole').subarray(0, 11)).stdout).toBe('who')
})

test('a log of very many short frames is split', () => {
  const stream = Buffer.concat(Array.from({ length: 50_000 }, () => frame(1, 'x')))
  expect(demultiplex(stream).stdout).toHaveLength(50_000)
})
