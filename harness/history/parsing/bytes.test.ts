import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import { parseBytes } from './bytes.ts'
import { createParser } from './parser.ts'

const header = '{"format":"gauntlet-history/1","model":"kv"}\n'
const put = '{"type":"invoke","process":0,"f":"put","key":"a","timeNs":1,"value":"'

async function read(...pieces: (Buffer | string)[]) {
  const values: unknown[] = []
  const warnings: string[] = []
  const parser = createParser(
    { file: 'a.jsonl' },
    {
      header: () => {},
      event: (event) => values.push('value' in event ? event.value : undefined),
      warning: (text) => warnings.push(text),
    },
  )
  const bytes = pieces.map((piece) => Buffer.from(piece as string))
  await parseBytes(
    (async function* () {
      yield* bytes
    })(),
    parser,
  )
  parser.end()
  return { values, warnings }
}

test('bytes that are not UTF-8 are refused with their line', async () => {
  const broken = read(header, put, Buffer.from([0xff]), '"}\n')
  await expect(broken).rejects.toThrow(InputError)
  await expect(broken).rejects.toThrow('a.jsonl:2: Expected a line of UTF-8 text, got other bytes')
})

test('a complete last line with other bytes is refused even without its newline', async () => {
  await expect(read(header, put, Buffer.from([0xfe]), '"}')).rejects.toThrow('a.jsonl:2: ')
})

test('a last line that ends within a character is left out', async () => {
  const { values, warnings } = await read(header, put, Buffer.from('ž').subarray(0, 1))
  expect(values).toEqual([])
  expect(warnings).toEqual(['a.jsonl:2: the last line is incomplete and was left out'])
})

test('a character that two pieces share is read whole, and U+FFFD is allowed', async () => {
  const [first, ...others] = Buffer.from('ž')
  const { values } = await read(
    header,
    put,
    Buffer.from([first ?? 0]),
    Buffer.from(others),
    '\uFFFD"}\n',
  )
  expect(values).toEqual(['ž\uFFFD'])
})

test('a byte order mark is ignored before the header, and refused elsewhere', async () => {
  const { values } = await read('\uFEFF', header, `${put}b"}\n`)
  expect(values).toEqual(['b'])
  await expect(read(header, '\uFEFF', `${put}b"}\n`)).rejects.toThrow('a.jsonl:2: ')
})

test('a line of hundreds of megabytes is refused before memory holds it', async () => {
  const piece = 'x'.repeat(2 ** 20)
  const tooLong = read(header, put, ...Array.from({ length: 200 }, () => piece))
  await expect(tooLong).rejects.toThrow('a.jsonl:2: Expected lines under 16 MiB')
})
