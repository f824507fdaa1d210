import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import type { Engine } from '../connect.ts'
import { inspectImage, readPrintedVersion } from './inspect.ts'

const printed = (version: string) =>
  `etcd Version: ${version}\nGit SHA: Not provided (use ./build instead of go build)\nGo Version: go1.26\n`

test.each(['3.4.0', '3.6.0-rc.1', '3.8.0-alpha.0', '3.5.16+rke2', '3.6.4-eks', '3.5.30-k3s1.rc1'])(
  'etcd %s is read from what it prints, with its suffix',
  (version) => {
    expect(readPrintedVersion(printed(version))).toEqual({ ran: true, version })
    expect(readPrintedVersion(`a warning of a library\n${printed(version)}`)).toEqual({
      ran: true,
      version,
    })
  },
)

test.each(['v3.7.1', '3.7', 'dev', '3.7.1_1', '3.7.1-'])(
  'a build that calls itself %s has no version, and is quoted',
  (version) => {
    expect(readPrintedVersion(printed(version))).toMatchObject({
      ran: false,
      problem: `etcd Version: ${version}`,
    })
  },
)

test('a program that is no etcd is quoted by its last line', () => {
  expect(readPrintedVersion('usage: x\nbad flag\n')).toMatchObject({ problem: 'bad flag' })
  expect(readPrintedVersion('')).toMatchObject({ problem: 'it printed nothing' })
  expect(readPrintedVersion('exec format error')).toMatchObject({ emulationMissing: true })
})

/** An engine that has no image, and notes for which ones it was asked. */
function emptyEngine(asked: string[]): Engine {
  const getImage = (reference: string) => ({
    inspect: () => {
      asked.push(reference)
      return Promise.reject(Object.assign(new Error('no such image'), { statusCode: 404 }))
    },
  })
  return { docker: { getImage }, reaped: false } as unknown as Engine
}

test.each([
  'registry.example:5000/team/etcd_x--y:v3.5.16',
  'REGISTRY:5000/etcd',
  '[fd00::1]:5000/etcd:v3.5.16',
  `etcd@sha256:${'0'.repeat(64)}`,
  `sha256:${'0'.repeat(64)}`,
])('the engine decides whether it has %s', async (reference) => {
  const asked: string[] = []
  expect(await inspectImage(emptyEngine(asked), reference)).toBeUndefined()
  expect(asked).toEqual([reference])
})

test.each(['', 'a b', 'etcd?x', 'etcd#x', 'etcd%2f', "''"])(
  '"%s" is no name of an image, and not asked for',
  async (reference) => {
    const asked: string[] = []
    await expect(inspectImage(emptyEngine(asked), reference)).rejects.toThrow(InputError)
    expect(asked).toEqual([])
  },
)
