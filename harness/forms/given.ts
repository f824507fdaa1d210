import { nearest } from '../core/text/nearest.ts'
import { everyFlag } from '../topology/options/options.ts'
import { reservedBecause } from '../topology/reserved-options.ts'
import { isIgnoredFlag } from './etcd/boolean-flags.ts'
import { flags, variableOf } from './etcd/flags.ts'
import { typeProblem } from './etcd/value-types.ts'
import type { GivenSetting, NotUnderstood } from './file-form.ts'
import type { Problem, Setting } from './form.ts'
import { isUnresolved, withoutMarks } from './text/unresolved.ts'

/** A variable of an environment, with its line. */
export interface Variable {
  readonly name: string
  readonly value: string
  readonly line: number
}

export interface Given {
  readonly settings: readonly GivenSetting[]
  readonly notUnderstood: readonly NotUnderstood[]
  readonly problems: readonly Problem[]
}

/**
 * What etcd takes from its arguments; each has a line of its own, or all have one. A flag that no
 * known version has is a setting all the same, because etcd exits for it.
 */
export function fromArguments(args: readonly string[], lines: number | readonly number[]): Given {
  const lineOf = (number: number) =>
    typeof lines === 'number' ? lines : (lines[Math.min(number, lines.length) - 1] ?? 1)
  const reading = flags.read(args)
  const settings = reading.settings.map(({ name, value, line }) =>
    settingOf({ name, value, line: lineOf(line) }, 'flag'),
  )
  return {
    settings,
    notUnderstood: settings.filter(({ name }) => !isUnderstood(name)).map(unknownFlag),
    problems: [
      ...reading.problems.map((problem) => ({
        line: lineOf(problem.line),
        expected: problem.expected,
        found: withoutMarks(problem.found),
      })),
      ...typeProblems(settings),
    ],
  }
}

/** What etcd takes from its environment: the `ETCD_` variables that are flags of some version. */
export function fromVariables(variables: readonly Variable[]): Given {
  const settings: GivenSetting[] = []
  const notUnderstood: NotUnderstood[] = []
  for (const { name, value, line } of variables) {
    const flag = flagByVariable.get(name)
    if (flag !== undefined) settings.push(settingOf({ name: flag, value, line }, 'variable'))
    else notUnderstood.push(unknownVariable({ name, value: withoutMarks(value), line }))
  }
  const problems = typeProblems(settings.filter((setting) => !isBlank(setting)))
  return { settings, notUnderstood, problems }
}

/** A variable without a text, which etcd takes as not set (pkg/flags). */
export function isBlank({ door, value }: GivenSetting): boolean {
  return door === 'variable' && value === ''
}

/** A setting with its text as the file has it. */
export function settingOf({ name, value, line }: Setting, door: 'flag' | 'variable'): GivenSetting {
  const written = { name: withoutMarks(name), value: withoutMarks(value), line, door }
  return isUnresolved(value) ? { ...written, isUnresolved: true } : written
}

/** What keeps etcd from reading the values that are known. */
export function typeProblems(settings: readonly GivenSetting[]): Problem[] {
  return settings.filter((setting) => !setting.isUnresolved).flatMap(typeProblem)
}

/** Why what a member has beside its settings is not understood. */
export const fromElsewhere = 'its value comes from elsewhere'

/** A variable that the member has, without a value that is known here. */
export function valueElsewhere({ name, value, line }: Variable): NotUnderstood {
  const flag = flagByVariable.get(name)
  const isFree = flag !== undefined && reservedBecause(flag) === undefined
  return { setting: name, value, line, why: fromElsewhere, ...(isFree && { isUnresolved: true }) }
}

export function joinGiven(...all: readonly Given[]): Given {
  return {
    settings: all.flatMap(({ settings }) => settings),
    notUnderstood: all.flatMap(({ notUnderstood }) => notUnderstood),
    problems: all.flatMap(({ problems }) => problems),
  }
}

const flagByVariable = new Map(
  [...everyFlag, 'config-file'].map((flag) => [variableOf(flag), flag]),
)

/** For Go's runtime or for the start on an architecture: nothing of etcd's configuration. */
const tuning: ReadonlySet<string> = new Set([
  ...['ETCD_UNSUPPORTED_ARCH', 'ETCD_VERIFY', 'GOMAXPROCS', 'GOGC', 'GOMEMLIMIT', 'GODEBUG'],
])

/** Flags that are no settings: for one start, or of the program alone. */
const otherFlags: ReadonlySet<string> = new Set(['config-file', 'h', 'help', 'version'])

function isUnderstood(flag: string): boolean {
  return (everyFlag.includes(flag) || otherFlags.has(flag)) && !isIgnoredFlag(flag)
}

/** What the user may have meant by a name that etcd ignores. */
const meantByIgnored: Readonly<Record<string, string>> = {
  config: 'config-file',
  force: 'force-new-cluster',
  'peer-election-timeout': 'election-timeout',
  'peer-heartbeat-interval': 'heartbeat-interval',
  snapshot: 'snapshot-count',
}

function unknownFlag({ name, value, line }: GivenSetting): NotUnderstood {
  const unread = { setting: name, value, line }
  if (isIgnoredFlag(name)) {
    const meant = Object.hasOwn(meantByIgnored, name) ? meantByIgnored[name] : undefined
    const why = 'every version of etcd accepts this flag and ignores it without a word'
    return { ...unread, ...(meant !== undefined && { nearest: meant }), why }
  }
  const near = nearest(name, everyFlag)
  return { ...unread, ...(near !== undefined && { nearest: near }) }
}

/** Of the images that start etcd by a script of their own. */
const ofImages =
  /^ETCD_(ON_K8S|ROOT_PASSWORD|CLUSTER_DOMAIN|START_FROM_SNAPSHOT|DISASTER_RECOVERY|INIT_SNAPSHOT\w*|SNAPSHOT_HISTORY_LIMIT|SNAPSHOTS_DIR|VOLUME_DIR|BASE_DIR|BIN_DIR|DAEMON_(USER|GROUP)|CONF_FILE|PREUPGRADE_\w+|NEW_MEMBERS_ENV_FILE|ACTIVE_ENDPOINTS|DISABLE_\w+)$/

/** Of the unit, the script or the person around it. */
const ofScripts =
  /^ETCD_(IMAGE\w*|IMG|CONTAINER\w*|VER(SION)?|TAG|(\w+_)?(OPTS|ARGS|OPTIONS)|HOST\w*|IPS?|PORT|REPO\w*|ARCH|USER|GROUP|BIN(ARY)?|DOWNLOAD\w*|NODES?(_\w+)?|HOME|ENDPOINTS?|SERVERS?)$/

function unknownVariable({ name, value, line }: Variable): NotUnderstood {
  const unread = { setting: name, value, line }
  if (tuning.has(name)) {
    return { ...unread, why: 'it tunes the process, and members run here without it' }
  }
  if (name.startsWith('ETCDCTL_')) return { ...unread, why: 'etcdctl reads it, not etcd' }
  if (!name.startsWith('ETCD_')) return { ...unread, why: 'etcd does not read it' }
  if (ofScripts.test(name)) return { ...unread, why: 'etcd does not read it' }
  if (ofImages.test(name)) return { ...unread, why: 'a script of the image reads it, not etcd' }
  const near = nearest(name, [...flagByVariable.keys()])
  return { ...unread, ...(near !== undefined && { nearest: near }), isIgnored: true }
}
