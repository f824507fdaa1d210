import { expect, test } from 'vitest'
import { stderrLog } from '../../core/log.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import { optionsForVersion } from '../../topology/option-names.ts'
import { flagAt } from '../../topology/options/options.ts'
import { cluster } from '../testing/shared-cluster.ts'
import { configurationWays, reportConfiguration } from './report-configuration.ts'

const log = stderrLog()
/** Images of versions that cannot be built here, such as `local/etcd:3.7.1`. */
const further = (process.env.GAUNTLET_IMAGES ?? '').split(',').filter(Boolean)
const choices = [
  ...['3.4.23', '3.5.16', '3.5.30'].map((version) => ({ version })),
  ...further.map((image) => ({ image })),
]

/** As 3.6 names them; none is a default. */
const settings = {
  name: 'odd',
  'wal-dir': '/var/odd-wal',
  'listen-peer-urls': 'http://127.0.0.1:12380',
  'listen-client-urls': 'http://127.0.0.1:12379,http://127.0.0.1:12479',
  'listen-metrics-urls': 'http://127.0.0.1:12381',
  'initial-advertise-peer-urls': 'http://127.0.0.1:12380',
  'advertise-client-urls': 'http://127.0.0.1:12379',
  'initial-cluster': 'odd=http://127.0.0.1:12380',
  'initial-cluster-token': 'odd token, "quoted"',
  'initial-election-tick-advance': 'false',
  'heartbeat-interval': '150',
  'election-timeout': '2100',
  'snapshot-count': '4321',
  'snapshot-catchup-entries': '4322',
  'max-snapshots': '7',
  'max-wals': '8',
  'max-request-bytes': '2097152',
  'max-concurrent-streams': '321',
  'quota-backend-bytes': '3221225472',
  'auto-compaction-mode': 'revision',
  'auto-compaction-retention': '123',
  'host-whitelist': '127.0.0.1,odd.example',
  cors: 'http://odd.example:80,http://other.example:81',
  'pre-vote': 'false',
  'corrupt-check-time': '4321ms',
  'compact-hash-check-time': '4m',
  'downgrade-check-time': '7s',
  'max-learners': '3',
  InitialCorruptCheck: 'true',
  CompactHashCheck: 'true',
  logger: 'zap',
  'log-outputs': 'stderr',
}

test.each(choices)('a configuration is the same in every form: %o', async (choice) => {
  const { reference: image, version } = await resolveImage({
    ...choice,
    architecture: 'native',
    allowBuild: true,
    log,
  })
  const configuration = Object.entries(optionsForVersion(version, settings))
    .filter(([name]) => flagAt(version, name) !== undefined)
    .map(([name, value]) => ({ name, value }))
  const onImage = {
    tool: (argv: readonly string[], options = {}) => cluster.tool(argv, { ...options, image }),
  }
  const reports = await Promise.all(
    configurationWays.map((way) => reportConfiguration(onImage, { [way]: configuration })),
  )
  const [first, ...others] = reports.map(({ fields, output }) => fields ?? output)
  expect(first).toMatchObject({
    name: 'odd',
    'snapshot-count': 4321,
    'pre-vote': false,
    'initial-cluster-token': settings['initial-cluster-token'],
  })
  // 3.6 reports it among its gates.
  expect(JSON.stringify(first)).toMatch(/InitialCorruptCheck=true|"initial-corrupt-check":true/)
  for (const other of others) expect(other).toEqual(first)
})
