import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import { flagAt } from '../../topology/options/options.ts'
import { reservedBecause } from '../../topology/reserved-options.ts'
import type { DeployedMember, Deployment, Placed } from './deployment.ts'
import { versionOfImage } from './deployment-spec.ts'
import { isRead } from './upgrade.ts'

/** A setting of the user's that is another in the cluster that runs here, with the reason. */
export interface Change extends Placed {
  readonly setting: string
  /** Empty when the user does not set it. */
  readonly from: string
  /** Empty when it is not set at all. */
  readonly to: string
  readonly why: string
}

/** What runs here: each member's whole configuration, in the order of the deployment. */
interface Running {
  readonly members: readonly MemberConfiguration[]
  readonly version: string
}

/**
 * What of the user's settings is another one in the cluster that runs, what is set beside them, and
 * which version runs in place of an image's. A default that is not set is no change.
 */
export function changesOf(deployment: Deployment, running: Running): readonly Change[] {
  const changes = deployment.members.flatMap((member, index) => {
    const configuration = running.members[index] ?? []
    return [
      ...imageChange(member, running.version),
      ...replaced(member, configuration, running.version),
      ...added(member, configuration, running.version),
    ]
  })
  const placeOf = ({ setting, from, file, line }: Change) =>
    JSON.stringify([setting, from, file, line])
  // Members of one template say the same.
  return [...new Map(changes.toReversed().map((one) => [placeOf(one), one])).values()].toReversed()
}

function imageChange({ image }: DeployedMember, version: string): Change[] {
  if (image === undefined || versionOfImage(image.reference) === version) return []
  const { reference: from, file, line } = image
  const isNamed = versionOfImage(from) !== undefined
  const why = isNamed
    ? 'there is no image of that version here; `--etcd` names another'
    : 'it names no whole version; `--etcd` names one'
  return [{ setting: 'image', from, to: `etcd ${version}`, why, file, line }]
}

function replaced(
  { settings }: DeployedMember,
  configuration: MemberConfiguration,
  version: string,
): Change[] {
  const values = new Map(configuration.map(({ name, value }) => [name, value]))
  return settings.flatMap((setting) => {
    const { name, value, file, line, door } = setting
    const to = values.get(name) ?? ''
    const isDefault = to === '' && (value === '' || flagAt(version, name)?.default === value)
    if (to === value || isDefault) return []
    const isIgnored = door !== 'flag' && !isRead(setting, version)
    const kind = door === 'key' ? 'key' : 'variable'
    const why = isIgnored ? `etcd ${version} ignores this ${kind}` : reasonFor(name)
    return [{ setting: name, from: value, to, why, file, line }]
  })
}

function reasonFor(name: string): string {
  const reason = reservedBecause(name) ?? 'Gauntlet sets it itself'
  return reason.startsWith('set `tls.')
    ? 'Gauntlet issues the certificates and demands them'
    : reason
}

/** What Gauntlet sets that the user leaves at another default, beside addresses and certificates. */
const additions: Readonly<Record<string, string>> = {
  'client-cert-auth':
    'clients must show a certificate, as etcd demands with an authority of theirs',
  'peer-client-cert-auth': 'members of Gauntlet show one another their certificates',
  'log-outputs': 'Gauntlet reads the logs there',
  logger: 'Gauntlet reads the logs in this form',
}

function added(
  { settings, hasTls }: DeployedMember,
  configuration: MemberConfiguration,
  version: string,
): Change[] {
  const given = new Set(settings.map(({ name }) => name))
  return configuration.flatMap(({ name, value }) => {
    const why = Object.hasOwn(additions, name) ? additions[name] : undefined
    const isDeployers = hasTls && name.endsWith('client-cert-auth')
    const isDefault = flagAt(version, name)?.default === value
    if (why === undefined || given.has(name) || isDeployers || isDefault) return []
    const beside = name.replace('client-cert-auth', 'cert-file')
    const place = settings.find((setting) => setting.name === beside) ?? settings[0]
    if (place === undefined) return []
    return [{ setting: name, from: '', to: value, why, file: place.file, line: place.line }]
  })
}
