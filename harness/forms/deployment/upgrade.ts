import { hasFeature } from '../../topology/etcd-features.ts'
import { gateOfFlag, successorOf } from '../../topology/option-names.ts'
import { everyFlag, everyYamlKey, flagAt, yamlTypeAt } from '../../topology/options/options.ts'
import { gateNamesIn, isRefused } from '../../topology/options/refused-values.ts'
import { isIgnoredFlag } from '../etcd/boolean-flags.ts'
import type { GivenSetting } from '../file-form.ts'
import type { DeployedMember, Placed } from './deployment.ts'

/** What a version of etcd does with a setting of the user's. */
export interface UpgradeEffect extends Partial<Placed> {
  readonly setting: string
  readonly effect: 'kept' | 'renamed' | 'default-changed' | 'ignored' | 'ends-etcd'
  /** The new name, with its value where that changes, or the new default; empty when there is none. */
  readonly becomes: string
}

/**
 * What the version does with each setting of the member, and which defaults it changes among those
 * that the member does not set. From the tables of options alone.
 */
export function upgradeEffects(
  {
    settings: known,
    unresolved,
    setTwice,
    notUnderstood,
  }: Pick<DeployedMember, 'settings' | 'unresolved' | 'setTwice' | 'notUnderstood'>,
  { from, to }: { readonly from: string; readonly to: string },
): readonly UpgradeEffect[] {
  const settings = [...known, ...unresolved]
  const given = settings.map((setting) => ({
    setting: setting.name,
    file: setting.file,
    line: setting.line,
    ...effectOf(setting, { settings, version: to }),
  }))
  const exits = hasFeature(to, 'flag-and-variable-refused')
  const twice = exits ? setTwice.map((each) => ({ ...each, ...endsEtcd })) : []
  const exiting = notUnderstood
    .filter(({ endsEtcd: feature }) => feature !== undefined && hasFeature(to, feature))
    .map(({ setting, file, line }) => ({ setting, file, line, ...endsEtcd }))
  const set = new Set(settings.map(({ name }) => name))
  const changed = everyFlag.flatMap((name) => {
    const [before, after] = [flagAt(from, name)?.default, flagAt(to, name)?.default]
    if (set.has(name) || before === undefined || after === undefined || before === after) return []
    return [{ setting: name, effect: 'default-changed' as const, becomes: after }]
  })
  const ignored = notUnderstood
    .filter(({ isIgnored }) => isIgnored)
    .map(({ setting, file, line, nearest = '' }) => ({
      setting,
      file,
      line,
      effect: 'ignored' as const,
      becomes: nearest,
    }))
  return [...given, ...twice, ...exiting, ...ignored, ...changed]
}

const endsEtcd = { effect: 'ends-etcd', becomes: '' } as const

/** Settings that the upgrade loses or that keep etcd from starting. */
export function isHarmful({ effect }: UpgradeEffect): boolean {
  return effect === 'ignored' || effect === 'ends-etcd'
}

interface Upgraded {
  /** All of the member's. */
  readonly settings: readonly GivenSetting[]
  readonly version: string
}

function effectOf(
  setting: GivenSetting,
  { settings, version }: Upgraded,
): Pick<UpgradeEffect, 'effect' | 'becomes'> {
  const { name, value, door } = setting
  if (door === 'flag' && isIgnoredFlag(name)) return { effect: 'ignored', becomes: '' }
  const becomes = newName({ name, value }, version)
  if (!isRead(setting, version)) {
    return { effect: door === 'flag' ? 'ends-etcd' : 'ignored', becomes }
  }
  const isInFile = door === 'key'
  const hasTwin = settings.some((other) => other !== setting && isTwin(setting, other, version))
  if (hasTwin || isRefused(version, { name, value, isInFile }))
    return { effect: 'ends-etcd', becomes }
  return becomes === '' ? { effect: 'kept', becomes: '' } : { effect: 'renamed', becomes }
}

/** Whether the other is the same option under its new name: etcd exits where both are set. */
function isTwin({ name }: GivenSetting, other: GivenSetting, version: string): boolean {
  if (!isRead(other, version)) return false
  const gate = gateOfFlag(name)
  if (gate !== undefined)
    return other.name === 'feature-gates' && gateNamesIn(other.value).includes(gate)
  return name.startsWith('experimental-') && successorOf(name) === other.name
}

/** Whether that version takes the setting from where it stands. */
export function isRead({ name, door, keys = [name] }: GivenSetting, version: string): boolean {
  if (door !== 'key') return flagAt(version, name) !== undefined
  const [first = '', inner] = keys
  if (yamlTypeAt(version, first) === undefined) return false
  return (
    inner === undefined || !everyYamlKey.includes(inner) || yamlTypeAt(version, inner) !== undefined
  )
}

/** The name that the version prefers, where it is another; with the value of a feature gate. */
function newName({ name, value }: { name: string; value: string }, version: string): string {
  const gate = gateOfFlag(name)
  if (gate !== undefined && flagAt(version, 'feature-gates') !== undefined) {
    return `feature-gates=${gate}=${value}`
  }
  const successor = successorOf(name)
  return successor !== undefined && flagAt(version, successor) !== undefined ? successor : ''
}
