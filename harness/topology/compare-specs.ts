import type { Adjustment, ClusterSpec } from './spec.ts'

/** Every setting in which the scenario's cluster differs from the user's, by name. */
export function compareSpecs(user: ClusterSpec, scenario: ClusterSpec): Adjustment[] {
  const [before, after] = [settingsOf(user), settingsOf(scenario)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => before[name] !== after[name])
    .map((setting) => ({
      setting,
      ...(before[setting] !== undefined && { user: before[setting] }),
      ...(after[setting] !== undefined && { scenario: after[setting] }),
    }))
}

/** A cluster as one list of settings by their path. */
function settingsOf({
  members,
  tls,
  ports,
  options,
  ...rest
}: ClusterSpec): Record<string, string> {
  const settings = {
    ...rest,
    members: members.map(({ name, architecture }) => `${name} (${architecture})`).join(', '),
    ...below('tls', tls),
    ...below('ports', ports),
    ...below('options', options),
  }
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, `${value}`]))
}

function below(path: string, fields: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`${path}.${name}`, value]),
  )
}
