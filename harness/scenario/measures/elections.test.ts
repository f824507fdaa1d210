import { expect, test } from 'vitest'
import { countElections } from './elections.ts'

const zap = (text: string) => `{"level":"info","msg":"8e9e05c52164694d ${text}"}`
const capnslog = (text: string) => `2024-01-01 00:00:00.000000 I | raft: 8e9e05c52164694d ${text}`

test('elections that a member won are fewer than terms that one stood in', () => {
  const logs = {
    m1: [zap('became candidate at term 2'), zap('became leader at term 2')],
    m2: [zap('became candidate at term 3'), zap('became candidate at term 5')],
    m3: [zap('became pre-candidate at term 2'), zap('became leader at term 5')],
  }
  expect(countElections(logs, 0)).toEqual({ elections: 1, termsTried: 2, lostVotes: 0 })
})

test.each([zap, capnslog])('a vote is lost when two members stand and none wins', (line) => {
  const logs = {
    m1: [line('became leader at term 2'), line('became candidate at term 3')],
    m2: [line('became candidate at term 3'), line('became candidate at term 4')],
    m3: [line('became candidate at term 5'), line('became leader at term 5')],
  }
  expect(countElections(logs, 0)).toEqual({ elections: 1, termsTried: 3, lostVotes: 1 })
})

test.each([zap, capnslog])('a vote is lost when others are asked and refuse it', (line) => {
  const asked = (term: number) =>
    line(
      `[term: 3] received a MsgVote message with higher term from 37ce1709257f9533 [term: ${term}]`,
    )
  const logs = {
    m1: [line('became leader at term 3'), asked(6), asked(7)],
    m2: [4, 5, 6, 7].map((term) => line(`became candidate at term ${term}`)),
    m3: [asked(6), line('became candidate at term 8'), line('became leader at term 8')],
  }
  // Nobody received what m2 asked for in terms 4 and 5.
  expect(countElections(logs, 0)).toEqual({ elections: 1, termsTried: 5, lostVotes: 2 })
})

test('where no member logs that it leads, elections are unknown', () => {
  const nothing = { elections: null, termsTried: null, lostVotes: null }
  expect(countElections({}, 0)).toEqual(nothing)
  const quoted = '{"level":"warn","msg":"slow request","key":"m1 became leader at term 2"}'
  expect(countElections({ m1: [quoted] }, 0)).toEqual(nothing)
})

test('elections from before the scenario started are not its own', () => {
  const at = (second: number, text: string) =>
    `{"level":"info","ts":"2026-01-01T00:00:0${second}.5Z","msg":"8e9e05c52164694d ${text}"}`
  const logs = {
    m1: [at(1, 'became leader at term 2'), at(7, 'became candidate at term 5')],
    m2: [at(3, 'became candidate at term 3'), at(4, 'became leader at term 4')],
    m3: [at(7, 'became leader at term 5')],
  }
  const counted = (second: number) =>
    countElections(logs, Date.parse(`2026-01-01T00:00:0${second}Z`))
  expect(counted(0)).toEqual({ elections: 2, termsTried: 2, lostVotes: 0 })
  expect(counted(6)).toEqual({ elections: 1, termsTried: 1, lostVotes: 0 })
})
