import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Checker } from './checker.ts'
import { standardCheckers } from './judge/standard.ts'

const checkers = await findCheckers()
const page = readFileSync(join(import.meta.dirname, '../../docs/CHECKERS.md'), 'utf8')

/** Everything that the files at the top of this folder export and that is a checker. */
async function findCheckers(): Promise<Checker[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => /^[\w-]+\.ts$/.test(file))
  const modules = await Promise.all(files.map((file) => import(join(import.meta.dirname, file))))
  return modules.flatMap((module) => Object.values(module)).filter(isChecker)
}

function isChecker(value: unknown): value is Checker {
  return typeof value === 'object' && value !== null && 'name' in value && 'check' in value
}

test('this test knows every checker', () => {
  expect(checkers.length).toBeGreaterThanOrEqual(13)
  expect(checkers).toEqual(expect.arrayContaining([...standardCheckers]))
  expect(new Set(checkers.map(({ name }) => name)).size).toBe(checkers.length)
})

test.each(checkers)('docs/CHECKERS.md explains every code of $name', ({ name, codes }) => {
  expect(codes.length).toBeGreaterThan(0)
  expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([])
  expect(codes.filter((code) => !page.includes(`| \`${name}/${code}\` |`))).toEqual([])
})

test('docs/CHECKERS.md lists no code that its checker does not have', () => {
  const listed = [...page.matchAll(/^\| `([a-z-]+\/[a-z-]+)` \|/gm)].map(([, code]) => code)
  const known = checkers.flatMap(({ name, codes }) => codes.map((code) => `${name}/${code}`))
  expect(listed.filter((code) => !known.includes(String(code)))).toEqual([])
})
