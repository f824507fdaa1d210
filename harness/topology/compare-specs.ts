import type { Adjustment, ClusterSpec } from './spec.ts'

/** Every setting in which the scenario's cluster differs from the user's, by name. */
export function compareSpecs(user: ClusterSpec, scenario: ClusterSpec): Adjustment[] {
  const ofMembers = memberOptionNames([user, scenario])
  const [before, after] = [settingsOf(user, ofMembers), settingsOf(scenario, ofMembers)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => before[name] !== after[name])
    .map((setting) => ({
      setting,
      ...(before[setting] !== undefined && { user: before[setting] }),
      ...(after[setting] !== undefined && { scenario: after[setting] }),
    }))
}

/** Options that some member of some cluster has of its own: the others' are those of all. */
function memberOptionNames(specs: readonly ClusterSpec[]): ReadonlySet<string> {
  const members = specs.flatMap((spec) => spec.members)
  return new Set(members.flatMap(({ options = {} }) => Object.keys(options)))
}

/** A cluster as one list of settings by their path. */
function settingsOf(
  { members, tls: { certificates = {}, ...tls }, ports, options, ...rest }: ClusterSpec,
  ofMembers: ReadonlySet<string>,
): Record<string, string> {
  const own = members.flatMap(({ name, options: ownOptions = {} }) =>
    [...ofMembers].flatMap((option) => {
      const value = ownOptions[option] ?? options[option]
      return value === undefined ? [] : [[`members.${name}.options.${option}`, value] as const]
    }),
  )
  const common = Object.entries(options).filter(([name]) => !ofMembers.has(name))
  const settings = {
    ...rest,
    members: members.map(({ name, architecture }) => `${name} (${architecture})`).join(', '),
    ...prefixFields('tls', tls),
    ...prefixFields(
      'tls.certificates',
      Object.fromEntries(
        Object.entries(certificates).map(([kind, shape]) => [kind, JSON.stringify(shape)]),
      ),
    ),
    ...prefixFields('ports', ports),
    ...prefixFields('options', Object.fromEntries(common)),
    ...Object.fromEntries(own),
  }
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, `${value}`]))
}

function prefixFields(path: string, fields: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`${path}.${name}`, value]),
  )
}
