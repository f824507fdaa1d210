import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { forgetCluster, keptDirectory } from './kept-cluster.ts'

test('an id that leads to another directory is refused, before anything is removed', () => {
  for (const id of ['..', '../..', 'a/../../b', '/etc', '']) {
    expect(() => keptDirectory(id), id).toThrow(InputError)
    expect(() => forgetCluster(id), id).toThrow(InputError)
  }
  expect(keptDirectory('20260131T114502Z-3f9a1c')).toMatch(/etcd-gauntlet.20260131T114502Z-3f9a1c$/)
})
