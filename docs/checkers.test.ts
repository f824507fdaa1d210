import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serviceOf } from '../harness/client/proto.ts'
import { lies } from '../harness/lying-proxy/lies.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/CHECKERS.md'), 'utf8')

/** Rows of the first table: checkers, and what shows that they can fail. */
const rows = page
  .slice(page.indexOf('| checker |'))
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((row) => row.split('|'))
  .map((cells) => ({ checkers: namesIn(cells[1]), shownBy: cells[4] ?? '' }))

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

test.each(rows ?? [])('the row of $checkers says whether lies show that it can fail', (row) => {
  const isShown = lies.some(({ detection }) =>
    row.checkers.includes(detection.id.split('/')[0] ?? ''),
  )
  expect(row.shownBy.includes('[lies](LIES.md)')).toBe(isShown)
})

test.each(rows ?? [])('the row of $checkers names lies, or a test that exists', (row) => {
  const tests = namesIn(row.shownBy).map((name) => join(root, 'harness/checkers', name))
  expect(tests.filter((file) => !existsSync(file))).toEqual([])
  expect(tests.length > 0 || row.shownBy.includes('lies')).toBe(true)
})

interface Method {
  readonly responseType: { readonly type: Message }
}

interface Message {
  readonly name: string
  readonly field: readonly { readonly name: string }[]
}

const services = ['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth', 'Lock', 'Election']

/** Every field of every response but its header, and each response that has a header alone. */
const answered = services
  .flatMap((service) => Object.values(serviceOf(service as Parameters<typeof serviceOf>[0])))
  .flatMap((method) => {
    const { name, field } = (method as unknown as Method).responseType.type
    const own = field.map((one) => one.name).filter((one) => one !== 'header')
    return own.length === 0 ? [name] : own.map((one) => `${name}.${one}`)
  })

/** As etcd's definitions write it, or as our client receives it. */
const camelCase = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

test('every field of a response of etcd is judged by someone, or the page says why not', () => {
  const from = page.indexOf('| field | judged by |')
  const table = page.slice(from, page.indexOf('\n\n', from)).split('\n').slice(2)
  const named = table.flatMap((row) => namesIn(row.split('|')[1])).map(camelCase)
  const responses = named.filter(
    (name) => /Response(\.|$)/.test(name) && !/^ResponseHeader/.test(name),
  )
  expect(responses.toSorted()).toEqual([...new Set(answered)].toSorted())
})
