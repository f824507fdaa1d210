import { documentedOptions } from '../../fixtures/options/documented-options.ts'
import {
  configurationWays,
  options,
  reportConfiguration,
  type Scenario,
} from '../../harness/index.ts'
import { oneMember, withoutReport } from './one-member.ts'

/** The same settings as flags, as variables and as a file are the same configuration. */
export const ways: Scenario = {
  ...oneMember,
  id: 'options/ways',
  title: 'An option has the same effect as a flag, as a variable and in a file',
  depth: 'ci',
  notApplicable: withoutReport,
  act: async (drill) => {
    const { version } = drill.cluster.spec
    const settable = documentedOptions.filter(
      ({ option, set }) => set !== undefined && options.flagAt(version, option) !== undefined,
    )
    const given = settable.map(({ option, set = '' }) => ({ name: option, value: set }))
    const reports = await Promise.all(
      configurationWays.map(async (way) => {
        const { fields, output } = await reportConfiguration(drill.cluster, { [way]: given })
        return { way, fields, output }
      }),
    )
    for (const { way, fields, output } of reports) {
      const wrong = settable.filter(
        ({ option, reported }) => reported !== undefined && !isEqual(fields?.[option], reported),
      )
      drill.expect(
        'given-values-are-reported',
        `etcd to report each of ${settable.length} options that ${way} set`,
        fields !== undefined && wrong.length === 0,
        fields === undefined ? lastLine(output) : describe(wrong, fields),
      )
    }
    const [first, ...others] = reports
    for (const { way, fields } of others) {
      const names = Object.keys({ ...first?.fields, ...fields })
      const unequal = names.filter((name) => !isEqual(first?.fields?.[name], fields?.[name]))
      drill.expect(
        'every-way-means-the-same',
        `the same configuration by ${way} as by ${first?.way}`,
        first?.fields !== undefined && fields !== undefined && unequal.length === 0,
        unequal.length === 0 ? `${names.length} equal fields` : `other ${unequal.join(', ')}`,
      )
    }
  },
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function describe(
  wrong: readonly { readonly option: string }[],
  fields: Readonly<Record<string, unknown>>,
): string {
  const values = wrong.map(({ option }) => `${option} ${JSON.stringify(fields[option])}`)
  return values.length === 0 ? 'each as set' : values.join(', ')
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no output'
}
