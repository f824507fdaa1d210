import { goInteger } from './go-integer.ts'
import { gatesFlag, gatesIn, isGate, namesOf } from './option-names.ts'
import { flagAt } from './options/options.ts'
import type { ClusterSpec } from './spec.ts'

type Configured = Pick<ClusterSpec, 'version' | 'options' | 'members'>

/**
 * The value of an option at a member: the member's own, else that of all, else the default of the
 * version. The option is named as in 3.6, a feature gate by its own name; the user may have given it
 * under a former name. Undefined where the version has no such option, or prints no default.
 */
export function optionOf(spec: Configured, name: string, member?: string): string | undefined {
  const own = spec.members.find((each) => each.name === member)?.options ?? {}
  return givenIn(own, name) ?? givenIn(spec.options, name) ?? defaultOf(spec.version, name)
}

/**
 * The same as a whole number, as Go reads one. Throws a RangeError where it is none, such as of an option
 * without a default.
 */
export function numberOf(spec: Configured, name: string, member?: string): number {
  const value = optionOf(spec, name, member)
  const count = goInteger(value ?? '')
  if (count !== undefined) return Number(count)
  throw new RangeError(`Expected ${name} to be a whole number, got ${value}`)
}

/** Whether some member has it on: a boolean that is true, or a count or time other than zero. */
export function isOn(spec: Configured, name: string): boolean {
  return spec.members.some((member) => isOnValue(optionOf(spec, name, member.name)))
}

/** Whether every member has it on. */
export function isOnEverywhere(spec: Configured, name: string): boolean {
  return spec.members.every((member) => isOnValue(optionOf(spec, name, member.name)))
}

/** Whether some member has a boolean off that is on otherwise. */
export function isOff(spec: Configured, name: string): boolean {
  return spec.members.some(({ name: member }) =>
    /^(0|f(alse)?)$/i.test(optionOf(spec, name, member) ?? ''),
  )
}

/** As Go reads a boolean; of counts and times, any digit but zero. */
function isOnValue(value = ''): boolean {
  return /^t(rue)?$/i.test(value) || /[1-9]/.test(value)
}

function givenIn(options: Readonly<Record<string, string>>, name: string): string | undefined {
  const flag = namesOf(name).find((each) => Object.hasOwn(options, each))
  if (flag !== undefined) return options[flag]
  return isGate(name) ? gatesIn(options[gatesFlag] ?? '').get(name) : undefined
}

function defaultOf(version: string, name: string): string | undefined {
  const known = namesOf(name).map((each) => flagAt(version, each)?.default)
  return known.find((value) => value !== undefined)
}
