import { expect, test } from 'vitest'
import { reportOn } from '../report.ts'
import {
  answered,
  healthyView,
  listed,
  members,
  metrics,
  pki,
  shows,
  status,
  unanswered,
  withEndpoint,
  withEndpoints,
} from '../testing/healthy-view.ts'
import { allChecks } from './all-checks.ts'
import type { ClusterView } from './cluster-view.ts'

const options = { minDays: 30, skip: [], requests: 0 }
const dayMs = 24 * 3_600_000
const mebibyte = 2 ** 20

/** Check, code and subject of all that was found. */
function foundIn(view: ClusterView): string[] {
  return reportOn(view, options).checks.flatMap(({ check, findings }) =>
    findings.map(({ code, subject }) => `${check} ${code} ${subject}`),
  )
}

test('every check can look at a healthy cluster, and finds nothing', () => {
  const { verdict, checks } = reportOn(healthyView(), options)
  expect(checks.filter(({ result }) => result !== 'ok')).toEqual([])
  expect(checks.flatMap(({ notChecked }) => notChecked)).toEqual([])
  expect(checks).toHaveLength(allChecks.length)
  expect(verdict).toBe('healthy')
})

const both = (change: Partial<ReturnType<typeof status>>) =>
  withEndpoint('m3', () => ({
    status: answered({ ...status('m3'), ...change }),
    laterStatus: answered({ ...status('m3'), ...change }),
  }))
const lists = (...rows: readonly ReturnType<typeof listed>[]) =>
  withEndpoints(() => ({ members: answered([...members, ...rows]) }))
const measured = (change: Partial<typeof metrics>) =>
  withEndpoint('m3', () => ({ metrics: answered({ ...metrics, ...change }) }))
const certificate = async (sans: readonly string[], fromDays: number, toDays: number) => {
  const [notBefore, notAfter] = [fromDays, toDays].map(
    (days) => new Date(Date.now() + days * dayMs),
  )
  const validity = { ...(notBefore && { notBefore }), ...(notAfter && { notAfter }) }
  return (await pki.issue('peer', { commonName: 'm3' }, sans, validity)).certPem
}
const shown = async (...request: Parameters<typeof certificate>) => {
  const pem = await certificate(...request)
  return withEndpoint('m3', () => ({ certificate: shows(pem) }))
}

const faults: readonly (readonly [
  fault: string,
  view: () => ClusterView | Promise<ClusterView>,
  found: readonly string[],
])[] = [
  [
    'an endpoint that is down',
    () =>
      withEndpoint('m3', () => ({
        status: unanswered('no connection'),
        laterStatus: unanswered('no connection'),
      })),
    ['endpoints endpoint-unreachable https://10.0.0.3:2379'],
  ],
  [
    'a peer port that is closed',
    () => ({
      ...healthyView(),
      peers: healthyView().peers.map((peer, index) =>
        index === 2 ? { ...peer, port: unanswered('ECONNREFUSED') } : peer,
      ),
    }),
    ['peer-ports peer-port-unreachable m3'],
  ],
  [
    'a probe that fails',
    () =>
      withEndpoint('m3', ({ probes }) => ({
        probes: { ...probes, '/readyz': answered({ statusCode: 503, body: 'no leader' }) },
      })),
    ['readyz probe-failing m3'],
  ],
  [
    'endpoints of two clusters',
    () => both({ clusterId: '98' }),
    ['one-cluster cluster-id-differs cluster'],
  ],
  [
    'member lists that differ',
    () => withEndpoint('m3', () => ({ members: answered(members.slice(1)) })),
    ['member-list member-lists-differ cluster'],
  ],
  [
    'one name twice',
    () => lists(listed('m3', '4'), listed('m5', '5')),
    ['member-names name-twice m3'],
  ],
  [
    'a member that never started',
    () => lists(listed('', '11'), listed('m5', '12')),
    ['member-names member-unstarted b'],
  ],
  ['an even size', () => lists(listed('m4', '4')), ['size even-size cluster']],
  [
    'a learner that was left over',
    () => lists({ ...listed('m4', '4'), learner: true }),
    ['learners learner m4'],
  ],
  ['version skew', () => both({ version: '3.5.30' }), ['versions version-skew cluster']],
  [
    'localhost among the advertised URLs',
    () =>
      withEndpoints(() => ({
        members: answered(
          members.map((row) =>
            row.name === 'm3' ? { ...row, peerUrls: ['http://localhost:2380'] } : row,
          ),
        ),
      })),
    ['advertised-urls localhost-advertised m3'],
  ],
  ['a member without a leader', () => both({ leaderId: '0' }), ['leader no-leader m3']],
  ['two leaders', () => both({ leaderId: '3' }), ['leader leaders-differ cluster']],
  [
    'a leader that changes often',
    () => measured({ leaderChanges: 8 }),
    ['leader-changes leader-changes-often m3'],
  ],
  [
    'an alarm',
    () => withEndpoints(() => ({ alarms: answered([{ memberId: '3', type: 'NOSPACE' }]) })),
    ['alarms alarm m3'],
  ],
  [
    'a quota that is nearly full',
    () => measured({ quotaBytes: 240 * mebibyte }),
    ['quota quota-nearly-full m3'],
  ],
  [
    'a database above what etcd suggests',
    () =>
      measured({
        quotaBytes: 20_000 * mebibyte,
        dbSizeBytes: 9_000 * mebibyte,
        dbSizeInUseBytes: 8_900 * mebibyte,
      }),
    ['data-size data-too-large m3'],
  ],
  [
    'fragmentation',
    () => measured({ dbSizeInUseBytes: 90 * mebibyte }),
    ['fragmentation fragmented m3'],
  ],
  [
    'a member that stays behind',
    () => withEndpoint('m3', () => ({ laterStatus: answered({ ...status('m3'), revision: 6 }) })),
    ['revision member-behind m3'],
  ],
  [
    'a hash difference',
    () => withEndpoint('m3', () => ({ hash: answered({ hash: 124, compactRevision: -1 }) })),
    ['hash hash-differs cluster'],
  ],
  [
    'a certificate that the CA does not vouch for',
    () =>
      withEndpoint('m3', () => ({
        certificate: answered({
          chainPem: [pki.members.m3?.server.certPem ?? ''],
          untrusted: 'UNABLE',
        }),
      })),
    ['certificate-chain chain-untrusted m3'],
  ],
  [
    'a wrong name in a certificate',
    () => shown(['10.0.0.9'], -1, 365),
    ['certificate-names name-missing m3'],
  ],
  [
    'a certificate near its end',
    () => shown(['10.0.0.3'], -1, 29),
    ['certificate-days certificate-near-end m3'],
  ],
  [
    'a certificate that has ended',
    () => shown(['10.0.0.3'], -2, -1),
    ['certificate-days certificate-expired m3'],
  ],
  [
    'a certificate that is not valid yet',
    () => shown(['10.0.0.3'], 1, 365),
    ['certificate-days certificate-not-yet-valid m3'],
  ],
]

test.each(faults)('%s is found, and nothing else', async (_, view, found) => {
  const faulty = await view()
  expect(foundIn(faulty)).toEqual(found)
  expect(reportOn(faulty, options).verdict).toBe('faulty')
})

test('every code of every check has a fault here that it is found by', () => {
  const covered = new Set(faults.flatMap(([, , found]) => found.map((each) => each.split(' ')[1])))
  expect([...covered].sort()).toEqual([...new Set(allChecks.flatMap(({ codes }) => codes))].sort())
})

test('what cannot be asked is not checked, and says why', () => {
  const learner = { kind: 'not-asked', reason: 'a learner answers no member list' } as const
  const refused = { kind: 'rejected', reason: 'etcdserver: permission denied' } as const
  const { verdict, checks } = reportOn(
    withEndpoints(() => ({ members: learner, hash: refused })),
    options,
  )
  const row = (name: string) => checks.find(({ check }) => check === name)
  expect(verdict).toBe('healthy')
  expect(row('size')).toMatchObject({ result: 'not-checked', findings: [] })
  expect(row('hash')?.notChecked[0]).toContain('etcdserver: permission denied')
})

test('a cluster of which nothing answers is unreachable, not faulty', () => {
  const silent = withEndpoints(() => {
    const none = unanswered('no connection')
    return {
      status: none,
      laterStatus: none,
      members: none,
      alarms: none,
      hash: none,
      metrics: none,
    }
  })
  const { endpoints, ...rest } = silent
  const dark = endpoints.map((endpoint) => ({
    ...endpoint,
    certificate: unanswered('no connection'),
    probes: Object.fromEntries(
      Object.keys(endpoint.probes).map((path) => [path, unanswered('no connection')]),
    ) as typeof endpoint.probes,
  }))
  expect(reportOn({ ...rest, endpoints: dark, peers: [] }, options).verdict).toBe('unreachable')
})

test('hashes compare only between members that have compacted to one revision', () => {
  const view = withEndpoint('m3', () => ({ hash: answered({ hash: 124, compactRevision: 5 }) }))
  expect(foundIn(view)).toEqual([])
  const hash = reportOn(view, options).checks.find(({ check }) => check === 'hash')
  expect(hash?.notChecked).toEqual([
    'members that have compacted to different revisions are not compared',
  ])
})

test('an election between two looks is no fault', () => {
  const view = withEndpoint('m3', () => ({ status: answered({ ...status('m3'), leaderId: '0' }) }))
  expect(foundIn(view)).toEqual([])
})

test('peer ports that none of can be reached from here are not checked', () => {
  const { peers, ...view } = healthyView()
  const hidden = peers.map((peer) => ({ ...peer, port: unanswered('ETIMEDOUT') }))
  expect(foundIn({ ...view, peers: hidden })).toEqual([])
})
