import { expect, test } from 'vitest'
import { parseFailpoints } from './failpoints.ts'

test('failpoints are read with their terms, also terms that have an equals sign', () => {
  const text = 'afterCommit=\nbeforeCommit=off\nraftBeforeSave=sleep(100)\nmine=return("a=b")\n'
  expect([...parseFailpoints(text)]).toEqual([
    ['afterCommit', ''],
    ['beforeCommit', 'off'],
    ['raftBeforeSave', 'sleep(100)'],
    ['mine', 'return("a=b")'],
  ])
})
