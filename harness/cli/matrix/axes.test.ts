import { Command } from 'commander'
import { expect, test } from 'vitest'
import { type RunOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'
import { parseAxes, planCells } from './axes.ts'

const optionsOf = (...words: string[]): RunOptions =>
  addOptions(new Command('run'), runOptions).parse(words, { from: 'user' }).opts()

test('a matrix is the product of its axes, each cell with its own options', () => {
  const axes = parseAxes(['etcd=3.4.23,a/b:c@sha256=1', 'arch=amd64,arm64'])
  const cells = planCells(axes, optionsOf('--etcd', '3.5.16', '--seed', '7', '--members', '1'))
  expect(cells.map(({ name }) => name)).toEqual([
    '3.4.23 amd64',
    '3.4.23 arm64',
    'a/b:c@sha256=1 amd64',
    'a/b:c@sha256=1 arm64',
  ])
  const [first, , third] = cells.map(({ options }) => options)
  expect(first).toMatchObject({ etcd: '3.4.23', arch: 'amd64', seed: 7, members: 1, matrix: [] })
  expect(third).toMatchObject({ image: 'a/b:c@sha256=1', arch: 'amd64' })
  expect(third).not.toHaveProperty('etcd')
})

test('a directory and a file on an axis are binaries and an archive', () => {
  const axes = parseAxes([`etcd=${import.meta.dirname},${import.meta.filename}`])
  const cells = planCells(axes, optionsOf())
  expect(cells[0]?.options).toMatchObject({ binaries: import.meta.dirname })
  expect(cells[1]?.options).toMatchObject({ tarball: import.meta.filename })
})

test.each([
  [
    ['etcds=3.5.30'],
    /axis of etcd, arch, members, tls, door, got `etcds=3\.5\.30` \(did you mean `etcd`\?\)/,
  ],
  [['etcd'], /`--matrix` etcd to have values, separated by commas, got `etcd`/],
  [['etcd=3.5.30,'], /etcd to have values, separated by commas, got `etcd=3\.5\.30,`/],
  [['etcd=3.5.30,3.5.30'], /etcd to have different values, got 3\.5\.30 twice/],
  [['arch=amd64', 'arch=arm64'], /once for each axis, got arch twice/],
  [['arch=amd64,sparc'], /`--matrix arch` to be one of amd64, arm64, got `sparc`/],
  [['members=three'], /`--matrix members` to be a whole number, got `three`/],
])('%j is rejected in one line', (texts, says) => {
  expect(() => planCells(parseAxes(texts), optionsOf())).toThrow(says)
})

test('an option of the command line that an axis sets too is rejected', () => {
  const axes = parseAxes(['etcd=3.4.23,3.5.30'])
  expect(() => planCells(axes, optionsOf(), ['image'])).toThrow(
    'Expected one of `--matrix etcd=…` and `--image`, got both',
  )
  expect(planCells(axes, optionsOf(), ['arch'])).toHaveLength(2)
})
