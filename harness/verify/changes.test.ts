import { expect, test } from 'vitest'
import { changesBetween } from './changes.ts'
import { reportOn } from './report.ts'
import {
  answered,
  healthyView,
  metrics,
  status,
  unanswered,
  withEndpoint,
  withEndpoints,
} from './testing/healthy-view.ts'

const options = { minDays: 30, skip: [], requests: 0 }
const healthy = reportOn(healthyView(), options)
const brief = (...[before, after]: Parameters<typeof changesBetween>) =>
  changesBetween(before, after).map(({ change, what, subject }) =>
    [change, what, subject].join(' '),
  )

test('looks at a cluster that writes differ in nothing', () => {
  const written = withEndpoints(({ status: old }) => ({
    metrics: answered({ ...metrics, dbSizeBytes: 201 * 2 ** 20 }),
    ...(old.kind === 'answered' && {
      status: answered({ ...old.value, revision: 9 }),
      laterStatus: answered({ ...old.value, revision: 9 }),
    }),
  }))
  expect(brief(healthy, reportOn(written, options))).toEqual([])
})

test('a fault begins, ends, and changes the verdict', () => {
  const raised = () => ({ alarms: answered([{ memberId: '3', type: 'NOSPACE' }]) })
  const alarmed = reportOn(withEndpoints(raised), options)
  expect(brief(healthy, alarmed)).toEqual(['fault alarms m3', 'verdict verdict cluster'])
  expect(brief(alarmed, healthy)).toEqual(['mended alarms m3', 'verdict verdict cluster'])
})

test('a fault whose figures move is the same fault', () => {
  const fullAt = (mebibytes: number) => {
    const quotaBytes = mebibytes * 2 ** 20
    return reportOn(
      withEndpoint('m3', () => ({ metrics: answered({ ...metrics, quotaBytes }) })),
      options,
    )
  }
  expect(brief(fullAt(240), fullAt(230))).toEqual([])
})

test('a leader that moves and a member that no longer answers are changes of members', () => {
  const moved = withEndpoints(({ status: old }) => {
    const found = old.kind === 'answered' ? old.value : status('m1')
    const next = answered({ ...found, leaderId: '2' })
    return { status: next, laterStatus: next }
  })
  expect(brief(healthy, reportOn(moved, options))).toEqual(['member role m1', 'member role m2'])
  const none = unanswered('no connection')
  const down = withEndpoint('m3', () => ({ status: none, laterStatus: none }))
  expect(brief(healthy, reportOn(down, options))).toEqual([
    'fault endpoints https://10.0.0.3:2379',
    'member present m3',
    'verdict verdict cluster',
  ])
})
