import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
}

const file = join(import.meta.dirname, '../../package-lock.json')
const packages = (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> })
  .packages

test('the lockfile holds every platform’s packages: npm ci refuses it otherwise, everywhere', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`${path}/node_modules/${name}`] === undefined &&
        packages[`node_modules/${name}`] === undefined,
    ),
  )
  expect(missing).toEqual([])
})

test('the lockfile names no registry host: any mirror serves', () => {
  const fixed = Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined)
  expect(fixed).toEqual([])
})
