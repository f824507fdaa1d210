import { expect, test } from 'vitest'
import { readSource } from '../harness/testing/sources.ts'

const page = readSource('docs/FIRST_RUN.md')
const run = 'fixtures/runs/one-of-each'

test('the lines of a history that the page shows are those of the saved run, byte for byte', () => {
  const [, block = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  const shown = block.trim().split('\n')
  const saved = readSource(`${run}/scenarios/saved/broken/history.jsonl`).split('\n')
  expect(shown.length).toBeGreaterThan(1)
  expect(shown.filter((line) => !saved.includes(line))).toEqual([])
})

test('the verdict that the page shows is that of the saved run', () => {
  const [, quoted = ''] = /```\n(broken .*?)\n```/s.exec(page) ?? []
  const [, said = ''] = quoted.replaceAll('\n', ' ').split('… ')
  const { scenarios } = JSON.parse(readSource(`${run}/run.json`))
  const broken = scenarios.find(({ id }: { readonly id: string }) => id === 'saved/broken')
  expect(said).not.toBe('')
  expect(broken.reason).toContain(said)
})
