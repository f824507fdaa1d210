import { Command } from 'commander'
import { toOneLine } from '../../../reports/text.ts'
import { memberConfiguration } from '../../config/member.ts'
import { exitCodes, InputError } from '../../core/errors.ts'
import { loadCatalogue } from '../../engine/images/catalogue.ts'
import type { DeployedMember, Deployment, Placed } from '../../forms/deployment/deployment.ts'
import { type Change, changesOf } from '../../forms/deployment/deployment-changes.ts'
import {
  runningVersion,
  specOfDeployment,
  versionOfDeployment,
} from '../../forms/deployment/deployment-spec.ts'
import { isHarmful, type UpgradeEffect, upgradeEffects } from '../../forms/deployment/upgrade.ts'
import type { NotUnderstood } from '../../forms/file-form.ts'
import { namedForms } from '../../forms/file-forms.ts'
import { standInFor } from '../../topology/options/options.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { isVersion } from '../../topology/version.ts'
import { readDeploymentFiles } from '../input/deployment-files.ts'
import { nativeArchitecture } from '../options/cluster.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText, wholeNumber } from '../options/value.ts'

const inspectOptions = {
  form: {
    flags: '--form <name>',
    description: `read the files as ${namedForms.map(({ name }) => name).join(', ')}`,
    value: anyText,
  },
  members: {
    flags: '--members <count>',
    description: 'how many members a file of one stands for',
    value: wholeNumber,
  },
  to: {
    flags: '--to <version>',
    description: 'also what that version of etcd, such as 3.7.1 or 3.7, does with each setting',
    value: anyText,
  },
  json: { flags: '--json', description: 'print the lists as one JSON object' },
} as const satisfies OptionTable

type InspectOptions = ValuesOf<typeof inspectOptions>

const help = `
Starts nothing.

Examples:
  gauntlet inspect /etc/kubernetes/manifests/etcd.yaml
  gauntlet inspect etcd.service etcd.env --to 3.7.1`

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description(
      'what a deployment file sets, what runs in another way here, what is not understood',
    )
    .argument('<file...>', 'one file for all members, or one a member')
    .addHelpText('after', help)
    .action((paths: string[], options: InspectOptions) => {
      const inspection = inspect(paths, options)
      const text =
        options.json === true ? JSON.stringify(inspection) : format(inspection, options.to)
      process.stdout.write(`${text}\n`)
      if (inspection.upgrade?.some(isHarmful)) process.exitCode = exitCodes.broken
    })
  return addOptions(command, inspectOptions)
}

/** The lists of `inspect`; as JSON a contract. */
interface Inspection {
  readonly form: string
  readonly members: number
  readonly understood: readonly Understood[]
  readonly changed: readonly Change[]
  readonly notUnderstood: readonly (NotUnderstood & Placed)[]
  readonly upgrade?: readonly UpgradeEffect[]
  /** The version whose flags and keys `upgrade` follows: the one asked for, or what stands for it. */
  readonly upgradeReadFrom?: string
}

interface Understood extends Placed {
  readonly setting: string
  readonly value: string
  /** The deployer that sets it itself, where the file does not. */
  readonly setBy?: string
}

function inspect(paths: readonly string[], options: InspectOptions): Inspection {
  const deployment = readDeploymentFiles(paths, options.form)
  if (deployment === undefined) throw new InputError('Expected a file to inspect, got none')
  const { versions, default: fallback } = loadCatalogue()
  const catalogued = versions.map(({ version: each }) => each)
  const version = runningVersion(deployment, { versions: catalogued, default: fallback })
  const architecture = nativeArchitecture()
  const { members: count } = options
  const deployed = specOfDeployment(deployment, { architecture, members: count, version })
  const spec = clusterSpec({ version, ...deployed })
  const addresses = Object.fromEntries(spec.members.map(({ name }) => [name, name]))
  const running = spec.members.map(({ name }) =>
    memberConfiguration(spec, { member: name, addresses }),
  )
  return {
    form: [...new Set(deployment.forms)].join(', '),
    members: spec.members.length,
    understood: understoodIn(deployment),
    changed: changesOf(deployment, { members: running, version }),
    notUnderstood: once(deployment.members.flatMap(notUnderstoodIn)),
    ...(options.to !== undefined &&
      upgradeOf(deployment, versionOfDeployment(deployment) ?? version, options.to)),
  }
}

function understoodIn({ members }: Deployment): Inspection['understood'] {
  return once(
    members.flatMap(({ settings, notUnderstood }) =>
      settings
        .map(
          ({ name, value, file, line, setBy }): Understood => ({
            setting: name,
            value,
            file,
            line,
            ...(setBy !== undefined && { setBy }),
          }),
        )
        .filter((row) => !notUnderstood.some((unread) => isSamePlace(row, unread))),
    ),
  )
}

/** A flag that no version knows is given to etcd all the same, and is not understood. */
function isSamePlace(a: Placed & { setting: string }, b: Placed & { setting: string }): boolean {
  return a.setting === b.setting && a.file === b.file && a.line === b.line
}

function notUnderstoodIn({ notUnderstood, setTwice }: DeployedMember) {
  const why = 'it is set as a flag, too: etcd exits for that from 3.4 on'
  return [
    ...notUnderstood.map(hideSecret),
    ...setTwice.map((each) => ({ ...each, value: 'a variable', why })),
  ]
}

/** A password of another program is of no use here; what etcd has, such as a token, is no secret. */
function hideSecret<Row extends NotUnderstood>(row: Row): Row {
  const isSecret = /pass(word|wd)|secret|token|credential|(access|private|api)[-_]?key/i
  return isSecret.test(row.setting) && row.value !== '' ? { ...row, value: '(hidden)' } : row
}

function upgradeOf(
  deployment: Deployment,
  from: string,
  given: string,
): Required<Pick<Inspection, 'upgrade' | 'upgradeReadFrom'>> {
  const to = /^v?\d+\.\d+$/.test(given) ? `${given}.99` : given
  const version = to.replace(/^v/, '')
  if (!isVersion(version)) {
    throw new InputError(`Expected \`--to\` to be a version such as 3.7.1 or 3.7, got \`${given}\``)
  }
  const effects = deployment.members.flatMap((member) =>
    upgradeEffects(member, { from, to: version }),
  )
  return { upgrade: once(effects), upgradeReadFrom: standInFor(version) ?? version }
}

/** Several members of one file say the same. */
function once<T>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function format({ form, members, ...lists }: Inspection, to: string | undefined): string {
  const { understood, changed, notUnderstood, upgrade, upgradeReadFrom = '' } = lists
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Understood', understood.map((row) => `${formatPlace(row)}${formatUnderstood(row)}`)],
    ['Changed to run here', changed.map((row) => `${formatPlace(row)}${formatChange(row)}`)],
    ['Not understood', notUnderstood.map((row) => `${formatPlace(row)}${formatUnread(row)}`)],
    ...(upgrade === undefined ? [] : [upgradeSection(upgrade, formatTo(to, upgradeReadFrom))]),
  ]
  const head = `${form}: ${members} ${members === 1 ? 'member' : 'members'}`
  const body = sections.map(
    ([title, lines]) =>
      `\n${title} (${lines.length})\n${lines.map((line) => `  ${toOneLine(line)}\n`).join('')}`,
  )
  return `${head}\n${body.join('')}`.trimEnd()
}

/** What stays as it is, is counted. */
function upgradeSection(upgrade: readonly UpgradeEffect[], version: string) {
  const other = upgrade.filter(({ effect }) => effect !== 'kept')
  const kept = upgrade.length - other.length
  return [`With ${version}, beside ${kept} kept`, other.map(formatEffect)] as const
}

/** A version that no table has is read as another one, and this says so. */
function formatTo(given: string | undefined, readFrom: string): string {
  const asked = given?.replace(/^v/, '')
  if (asked === readFrom) return `etcd ${readFrom}`
  return `etcd ${readFrom}, which stands for ${asked} in the tables of options`
}

function formatPlace({ file, line }: Placed): string {
  return `${file}:${line}: `
}

function formatUnderstood({ setting, value, setBy }: Understood): string {
  return `${setting} = ${value}${setBy === undefined ? '' : ` (${setBy} sets it itself)`}`
}

function formatChange({ setting, from, to, why }: Change): string {
  return `${setting}: ${from === '' ? 'not set' : from} → ${to === '' ? 'not set' : to} (${why})`
}

function formatUnread({ setting, value, nearest, why }: NotUnderstood): string {
  const reason = why ?? (nearest === undefined ? 'no version of etcd has it' : undefined)
  const hint = nearest === undefined ? undefined : `did you mean ${nearest}?`
  return `${setting} = ${value} (${[reason, hint].filter(Boolean).join('; ')})`
}

function formatEffect({ setting, effect, becomes, file, line }: UpgradeEffect): string {
  const place = file === undefined || line === undefined ? '' : formatPlace({ file, line })
  return `${place}${effects[effect]}: ${setting}${becomes === '' ? '' : ` → ${becomes}`}`
}

const effects: Readonly<Record<UpgradeEffect['effect'], string>> = {
  kept: 'kept',
  renamed: 'renamed',
  'default-changed': 'default changed',
  ignored: 'IGNORED',
  'ends-etcd': 'ENDS ETCD',
}
