import type { DeployedMember, Placed, SourceFile } from './deployment.ts'
import type { GivenSetting, MemberReading, NotUnderstood } from './file-form.ts'

/** What a file says of a member, with the name of the file. */
export interface PlacedReading {
  readonly settings: readonly (GivenSetting & Placed)[]
  readonly notUnderstood: readonly (NotUnderstood & Placed)[]
}

export function placed({ path: file }: SourceFile, reading: MemberReading): PlacedReading {
  return {
    settings: reading.settings.map((setting) => ({ ...setting, file })),
    notUnderstood: reading.notUnderstood.map((unread) => ({ ...unread, file })),
  }
}

/**
 * A configuration file replaces flags and variables. Otherwise a flag goes before its variable, and
 * of one that repeats the last is in force.
 */
export function mergeReadings(
  all: readonly PlacedReading[],
  yaml: PlacedReading | undefined,
): PlacedReading & Pick<DeployedMember, 'setTwice'> {
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
  return { settings: [...inForce.values()], notUnderstood: [...unread, ...ignored], setTwice }
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
    ...{ setting: name, value, line, file },
    why: 'etcd ignores it, because it reads a configuration file',
    isIgnored: true,
  }
}
