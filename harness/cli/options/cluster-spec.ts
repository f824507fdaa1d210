import { InputError } from '../../core/errors.ts'
import { readRelease } from '../../engine/images/binaries/release.ts'
import { expectTarball } from '../../engine/images/binaries/tarball.ts'
import type { EtcdChoice } from '../../engine/images/choice.ts'
import type { Deployment } from '../../forms/deployment/deployment.ts'
import { specOfDeployment } from '../../forms/deployment/deployment-spec.ts'
import { readFlagOptions } from '../../forms/etcd/spec-options.ts'
import { withoutOptions } from '../../topology/option-names.ts'
import { preset } from '../../topology/presets.ts'
import type { Architecture, ClusterSpec } from '../../topology/spec.ts'
import { validateSpec } from '../../topology/validate.ts'
import { expectStartable, readDeploymentFiles } from '../input/deployment-files.ts'
import { readPki } from '../input/read-pki.ts'
import type { ClusterOptions } from './cluster.ts'

/**
 * Which etcd the options name. Throws an InputError for programs or an archive that cannot be it,
 * without touching the engine.
 */
export function etcdChoiceOf(
  { image, binaries, tarball, sha256 }: ClusterOptions,
  catalogued: { readonly version: string; readonly architecture: Architecture },
): EtcdChoice {
  if (sha256 !== undefined && tarball === undefined) {
    throw new InputError('Expected `--tarball` beside `--sha256`, got none')
  }
  if (image !== undefined) return { image }
  if (binaries !== undefined) {
    readRelease(binaries, catalogued.architecture)
    return { binaries }
  }
  if (tarball === undefined) return { version: catalogued.version }
  const archive = { from: tarball, ...(sha256 !== undefined && { sha256 }) }
  expectTarball(archive)
  return { tarball: archive }
}

/** The cluster that the options describe; throws an InputError for the first wrong one. */
export function specOf(
  presetName: string,
  options: ClusterOptions,
  resolved: { readonly version: string; readonly architecture: Architecture },
): ClusterSpec {
  const { options: flags, ...timings } = readFlagOptions(options.flag)
  const deployment = readDeploymentFiles(options.from, options.form)
  if (deployment !== undefined) expectStartable(deployment, resolved.version)
  const deployed = deployment && specOfDeployment(deployment, { ...options, ...resolved })
  const base = preset(presetName, {
    ...deployed,
    ...resolved,
    ...(deployed === undefined && options.members !== undefined && { members: options.members }),
    ...(options.tls !== undefined && { tls: tlsOf(options.tls) }),
    ...authOf(options),
    ...doorOf(options),
  })
  // A flag stands for every member, under whatever name the files set the same.
  const given = [...Object.keys(flags), ...flagsOfTimings(timings)]
  const others = withoutOptions(base, given)
  const tls = withCertificates(others.tls, options.pki)
  const spec = { ...others, ...timings, tls, options: { ...others.options, ...flags } }
  expectUsableAuth(spec)
  const nameOf = (field: string) => placeInFiles(field, deployment, given) ?? optionOfField(field)
  validateSpec(spec, { allowEven: options.allowEven === true, nameOf })
  return spec
}

/** Without TLS towards clients there is none between peers either; otherwise peers use mutual TLS. */
function tlsOf(mode: 'mutual' | 'server' | 'none'): Partial<ClusterSpec['tls']> {
  return { client: mode, peer: mode === 'none' ? 'none' : 'mutual' }
}

function withCertificates(tls: ClusterSpec['tls'], pki: string | undefined): ClusterSpec['tls'] {
  if (pki === undefined) return tls
  if (tls.client === 'none' && tls.peer === 'none') {
    throw new InputError('Expected TLS beside `--pki`, got a cluster without')
  }
  return { ...tls, certificates: readPki(pki) }
}

function authOf({ auth, authToken }: ClusterOptions): Pick<ClusterSpec, 'auth'> {
  if (auth !== undefined) return { auth: { by: auth, token: authToken ?? 'simple' } }
  if (authToken === undefined) return {}
  throw new InputError('Expected `--auth password` beside `--auth-token`, got none')
}

function doorOf({ door }: ClusterOptions): Pick<ClusterSpec, 'door'> {
  return door === undefined || door === 'direct' ? {} : { door }
}

function expectUsableAuth({ auth, tls, options }: ClusterSpec): void {
  if (auth?.by === 'certificate' && tls.client !== 'mutual') {
    throw new InputError(
      `Expected clients to show certificates for \`--auth certificate\`, got TLS mode ${tls.client}`,
    )
  }
  if (auth?.by === 'certificate' && auth.token === 'jwt') {
    throw new InputError('Expected `--auth password` beside `--auth-token jwt`, got certificate')
  }
  if (auth?.token === 'jwt' && options['auth-token'] !== undefined) {
    throw new InputError('Expected one of `--auth-token jwt` and `--flag auth-token`, got both')
  }
}

const optionsByField: Readonly<Record<string, string>> = {
  version: '--etcd',
  members: '--members',
  door: '--door',
  heartbeatIntervalMs: '--flag heartbeat-interval',
  electionTimeoutMs: '--flag election-timeout',
}

function flagsOfTimings(timings: object): string[] {
  return Object.keys(timings).map((field) => optionOfField(field).replace('--flag ', ''))
}

/** The file and line that set an option of the spec; undefined where a flag of the command did. */
function placeInFiles(
  field: string,
  deployment: Deployment | undefined,
  given: readonly string[],
): string | undefined {
  const [, index, ofAll = field] = /^members\[(\d+)\]\.(.*)$/s.exec(field) ?? []
  const name = optionOfField(ofAll).replace('--flag ', '')
  const members = deployment?.members ?? []
  // One alone is a template of all.
  const own = index !== undefined && members.length > 1 ? members[Number(index)] : undefined
  const settings = (own ? [own] : members).flatMap((member) => member.settings)
  const setting = given.includes(name) ? undefined : settings.find((one) => one.name === name)
  return setting && `${setting.file}:${setting.line}: ${name}`
}

/** The option from which a field of the spec comes. */
function optionOfField(field: string): string {
  return optionsByField[field] ?? field.replace(/^options\./, '--flag ')
}
