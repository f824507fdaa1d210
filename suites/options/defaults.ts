import { type Drill, options, type Scenario } from '../../harness/index.ts'
import { oneMember } from './one-member.ts'

/** What `etcd --help` says is what the table of options says, for the versions of which it was read. */
export const defaults: Scenario = {
  ...oneMember,
  id: 'options/defaults',
  title: 'etcd --help lists the options of its version with the defaults of the table',
  depth: 'ci',
  notApplicable: ({ version }) =>
    options.wasReadFrom(version)
      ? undefined
      : `the defaults of the table were not read from etcd ${version}`,
  act: async (drill) => {
    const listed = await readHelp(drill)
    const { version } = drill.cluster.spec
    const expected = options.everyFlag.flatMap((flag) => {
      const known = options.flagAt(version, flag)?.default
      return known === undefined ? [] : [`${flag}=${known.replace(' [DEPRECATED]', '')}`]
    })
    const found = [...listed].map(([flag, value]) => `${flag}=${value}`)
    const missing = expected.filter((row) => !found.includes(row))
    drill.expect(
      'defaults-are-documented',
      `--help to list ${expected.length} options with the defaults of the table`,
      missing.length === 0,
      missing.length === 0 ? 'all of them' : `without ${missing.join(', ')}`,
    )
    const refused = [...listed.keys()].filter(
      (flag) => options.everyFlag.includes(flag) && !options.flagAt(version, flag),
    )
    const known = refused.filter((flag) => !listedThoughRefused.includes(flag))
    drill.expect(
      'listed-options-exist',
      '--help to list no option that the version refuses',
      known.length === 0,
      known.length === 0 ? 'none but the known ones' : known.join(', '),
    )
  },
}

/** etcd 3.7 lists them, and exits for them. */
const listedThoughRefused = ['discovery', 'discovery-proxy']

/** The options of `--help`, each with its default without quotes. */
async function readHelp(drill: Drill): Promise<ReadonlyMap<string, string>> {
  const [member] = drill.cluster.members
  const { stdout = '', stderr = '' } = (await member?.exec(['etcd', '--help'])) ?? {}
  const rows = `${stdout}\n${stderr}`.split('\n').flatMap((line) => {
    const [, flag, text = ''] = /^\s+--([a-z0-9-]+)(?:[ =]+(.*))?$/.exec(line) ?? []
    const quoted = /^'([^']*)'/.exec(text.trim())
    return flag === undefined ? [] : [[flag, quoted?.[1] ?? text.trim()] as const]
  })
  // The first line of an option has its default.
  return new Map(rows.toReversed())
}
