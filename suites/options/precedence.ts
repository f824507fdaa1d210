import {
  type ConfigurationWay,
  featuresOf,
  reportConfiguration,
  type Scenario,
} from '../../harness/index.ts'
import { oneMember, withoutReport } from './one-member.ts'

/** A count by which the report tells where it came from. */
const counts = { yaml: '4444', flags: '5555', environment: '6666' }
const url = 'http://127.0.0.1:12380'

/** Which of several ways etcd takes. */
export const precedence: Scenario = {
  ...oneMember,
  id: 'options/precedence',
  title:
    'A configuration file replaces flags and variables, and a flag beside its variable ends etcd',
  depth: 'ci',
  notApplicable: withoutReport,
  act: async (drill) => {
    const { has } = featuresOf(drill.cluster.spec.version)
    for (const others of [['flags'], ['environment'], ['flags', 'environment']] as const) {
      const all = Object.fromEntries(
        ['yaml' as const, ...others].map((way) => [way, settingsBy(way, has)]),
      )
      const { fields } = await reportConfiguration(drill.cluster, all)
      drill.expect(
        'file-goes-first',
        `the count of the file, ${counts.yaml}, beside ${others.join(' and ')}`,
        String(fields?.['snapshot-count']) === counts.yaml,
        String(fields?.['snapshot-count'] ?? 'no report'),
      )
    }
    const both = await reportConfiguration(drill.cluster, {
      flags: settingsBy('flags', has),
      environment: [{ name: 'snapshot-count', value: counts.environment }],
    })
    drill.expect(
      'flag-and-variable-end-etcd',
      'etcd to exit where a flag and its variable are both set',
      both.fields === undefined && /conflicting environment variable/.test(both.output),
      both.fields === undefined ? 'an exit' : `count ${both.fields['snapshot-count']}`,
    )
    const repeated = await reportConfiguration(drill.cluster, {
      flags: [{ name: 'snapshot-count', value: '1111' }, ...settingsBy('flags', has)],
    })
    drill.expect(
      'last-flag-wins',
      `the last of a flag that repeats, ${counts.flags}`,
      String(repeated.fields?.['snapshot-count']) === counts.flags,
      String(repeated.fields?.['snapshot-count'] ?? 'no report'),
    )
  },
}

/** Enough for a start, with the count of the way. */
function settingsBy(way: ConfigurationWay, has: ReturnType<typeof featuresOf>['has']) {
  return [
    { name: 'initial-advertise-peer-urls', value: url },
    { name: 'initial-cluster', value: `default=${url}` },
    { name: 'snapshot-count', value: counts[way] },
    ...(has('zap-default') ? [] : [{ name: 'logger', value: 'zap' }]),
  ]
}
