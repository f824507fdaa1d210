import { hasFeature } from '../topology/etcd-features.ts'
import { gateOfFlag, successorOf } from '../topology/option-names.ts'
import { everyFlag, flagAt, yamlTypeAt } from '../topology/options/options.ts'
import { isIgnoredFlag } from './boolean-flags.ts'
import type { DeployedMember, Placed } from './deployment.ts'
import type { Door } from './file-form.ts'

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
    settings,
    setTwice,
    notUnderstood,
  }: Pick<DeployedMember, 'settings' | 'setTwice' | 'notUnderstood'>,
  { from, to }: { readonly from: string; readonly to: string },
): readonly UpgradeEffect[] {
  const given = settings.map(({ name, value, door, file, line }) => ({
    ...{ setting: name, file, line },
    ...effectOf({ name, value, door }, to),
  }))
  const exits = hasFeature(to, 'flag-and-variable-refused')
  const twice = exits ? setTwice.map((each) => ({ ...each, ...endsEtcd })) : []
  const set = new Set(settings.map(({ name }) => name))
  const changed = everyFlag.flatMap((name) => {
    const [before, after] = [flagAt(from, name)?.default, flagAt(to, name)?.default]
    if (set.has(name) || before === undefined || after === undefined || before === after) return []
    return [{ setting: name, effect: 'default-changed' as const, becomes: after }]
  })
  const ignored = notUnderstood
    .filter(({ isIgnored }) => isIgnored)
    .map(({ setting, file, line, nearest = '' }) => ({
      ...{ setting, file, line, effect: 'ignored' as const, becomes: nearest },
    }))
  return [...given, ...twice, ...ignored, ...changed]
}

const endsEtcd = { effect: 'ends-etcd', becomes: '' } as const

/** Settings that the upgrade loses or that keep etcd from starting. */
export function isHarmful({ effect }: UpgradeEffect): boolean {
  return effect === 'ignored' || effect === 'ends-etcd'
}

function effectOf(
  { name, value, door }: { readonly name: string; readonly value: string; readonly door: Door },
  version: string,
): Pick<UpgradeEffect, 'effect' | 'becomes'> {
  if (door === 'flag' && isIgnoredFlag(name)) return { effect: 'ignored', becomes: '' }
  const becomes = newName({ name, value }, version)
  if (!isRead(name, door, version)) {
    return { effect: door === 'flag' ? 'ends-etcd' : 'ignored', becomes }
  }
  return becomes === '' ? { effect: 'kept', becomes: '' } : { effect: 'renamed', becomes }
}

/** The YAML key of one flag is spelled in another way. */
const yamlKeys: Readonly<Record<string, string>> = {
  'experimental-snapshot-catchup-entries': 'experimental-snapshot-catch-up-entries',
}

function isRead(name: string, door: Door, version: string): boolean {
  const isFlag = flagAt(version, name) !== undefined
  if (door !== 'key') return isFlag
  // TLS settings stand in maps, under names of their own; they are where their flags are.
  return yamlTypeAt(version, yamlKeys[name] ?? name) !== undefined || (isFlag && isInMap(name))
}

function isInMap(name: string): boolean {
  return (
    /^peer-|^client-(cert|key)-|^socket-/.test(name) || ['cert-file', 'key-file'].includes(name)
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
