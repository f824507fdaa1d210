import { reservedBecause } from '../../topology/reserved-options.ts'
import type { GivenSetting, MemberReading, NotUnderstood } from '../file-form.ts'
import { isBlank } from '../given.ts'
import { withoutMarks } from '../text/unresolved.ts'
import type { DeployedMember, Placed, SourceFile } from './deployment.ts'
import { placeIn } from './place.ts'

/** What a file says of a member, with the name of the file. */
export interface PlacedReading {
  readonly settings: readonly (GivenSetting & Placed)[]
  readonly notUnderstood: readonly (NotUnderstood & Placed)[]
}

export function placed(
  file: SourceFile,
  reading: Pick<MemberReading, 'settings' | 'notUnderstood'>,
): PlacedReading {
  return {
    settings: reading.settings.map((one) => ({ ...one, ...placeIn(file, one.line) })),
    notUnderstood: reading.notUnderstood.map((one) => ({
      ...one,
      ...placeIn(file, one.line),
      setting: withoutMarks(one.setting),
      value: withoutMarks(one.value),
    })),
  }
}

/**
 * A configuration file replaces flags and variables. Otherwise a flag goes before its variable, and
 * of one that repeats the last is in force.
 */
export function mergeReadings(
  all: readonly PlacedReading[],
  yaml: PlacedReading | undefined,
): PlacedReading & Pick<DeployedMember, 'setTwice' | 'unresolved'> {
  const given = all.flatMap(({ settings }) => settings)
  const inForce = new Map<string, GivenSetting & Placed>()
  for (const setting of yaml?.settings ?? given) {
    const former = inForce.get(setting.name)
    if (former?.door === 'flag' && setting.door === 'variable') continue
    inForce.set(setting.name, setting)
  }
  const flags = new Set(given.filter(({ door }) => door === 'flag').map(({ name }) => name))
  const shadowed = given.filter(({ name, door }) => door === 'variable' && flags.has(name))
  const setTwice = yaml === undefined ? shadowed.map(placeOf) : []
  const unread = all.flatMap(({ notUnderstood }) => notUnderstood)
  const ignored = yaml === undefined ? [] : [...yaml.notUnderstood, ...given.map(ignoredSetting)]
  const set = [...inForce.values()].filter((setting) => !isBlank(setting))
  const settings = set.filter((setting) => !isLeftOpen(setting))
  const unresolved = set.filter(isLeftOpen)
  const open = unresolved.map(openSetting)
  const blank = [...inForce.values()].filter(isBlank).map(blankSetting)
  const notUnderstood = [...unread, ...open, ...blank, ...ignored]
  return { settings, notUnderstood, setTwice, unresolved }
}

/** Of a setting that is the user's to choose, a value that no file has; the others follow from here. */
function isLeftOpen({ name, isUnresolved }: GivenSetting): boolean {
  return isUnresolved === true && reservedBecause(name) === undefined
}

function blankSetting({ name, value, line, file }: GivenSetting & Placed): NotUnderstood & Placed {
  return { setting: name, value, line, file, why: 'etcd takes an empty variable as not set' }
}

function openSetting({ name, value, line, file }: GivenSetting & Placed): NotUnderstood & Placed {
  const why = 'no given file has its value'
  return { setting: name, value, line, file, why, isUnresolved: true }
}

function placeOf({ name, file, line }: GivenSetting & Placed) {
  return { setting: name, file, line }
}

function ignoredSetting({
  name,
  value,
  line,
  file,
}: GivenSetting & Placed): NotUnderstood & Placed {
  return {
    setting: name,
    value,
    line,
    file,
    why: 'etcd ignores it, because it reads a configuration file',
    isIgnored: true,
  }
}
