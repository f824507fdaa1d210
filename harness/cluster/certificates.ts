import { dirname } from 'node:path/posix'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { TarEntry } from '../engine/container/tar.ts'
import { type ClusterPki, issueCluster, type MemberLeaf } from '../pki/authority.ts'
import type { PreparedKeys } from '../pki/keys.ts'
import { memberFiles, proxyFiles } from '../pki/layout.ts'
import type { ValidityOptions } from '../pki/sign.ts'
import { type AuthUser, authUsers } from '../topology/auth-users.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { ContainerFile } from './tools.ts'

/** The steps from one CA to the next: everyone trusts the new one before it signs. */
type AuthorityStep = 'trust-both' | 'sign-with-new' | 'trust-new'

/**
 * A cluster's certificates, as members and clients get them. The CA's key never leaves `issue`. What
 * changes here reaches a member with `installCertificates` or `renewCertificates`, and a client with
 * its next connection.
 */
export interface Certificates {
  /** Of a client that may do everything; undefined where clients use no TLS. */
  readonly credentials: Required<TlsCredentials> | undefined
  /** The member's present files, or new ones where it has none. */
  filesOf(name: string, address: string): Promise<readonly ContainerFile[]>
  /** New ones, which are that member's from now on. */
  renew(name: string, address: string, leaf?: MemberLeaf): Promise<readonly ContainerFile[]>
  /** New pairs for the users: `credentials` from now on. */
  renewClient(validity?: ValidityOptions): Promise<void>
  /** What a user's clients show; undefined where clients use no TLS. */
  credentialsOf(user: AuthUser): Required<TlsCredentials> | undefined
  /** Of a proxy that ends TLS: the pairs that it shows to clients and to members. */
  proxyFiles(name: string, address: string): Promise<readonly ContainerFile[]>
  /** A pair of another client. etcd takes the common name as the user. */
  issueClient(commonName: string, validity?: ValidityOptions): Promise<Required<TlsCredentials>>
  /** Adds a client's or a member's certificate to the list of revoked ones. */
  revoke(certPem: string): Promise<void>
  /** Goes one step to another CA. `sign-with-new` renews `credentials`. */
  changeAuthority(step: AuthorityStep): Promise<void>
}

export function needsCertificates(spec: ClusterSpec): boolean {
  return spec.tls.client !== 'none' || spec.tls.peer !== 'none'
}

/** Issues a cluster's certificates: see `issueCluster`. */
export async function issueCertificates(
  spec: ClusterSpec,
  addresses: Readonly<Record<string, string>>,
  keys: Promise<PreparedKeys>,
): Promise<Certificates> {
  let signing = await issueCluster(spec, addresses, keys)
  let next: ClusterPki | undefined
  let trusted: readonly ClusterPki[] = [signing]
  const users = Object.keys(spec.auth === undefined ? { root: true } : authUsers) as AuthUser[]
  const issued = new Map(Object.entries(signing.members))
  const revoked: string[] = []
  const trustedPem = () => trusted.map(({ caPem }) => caPem).join('')
  const issueUsers = async (which: readonly AuthUser[], validity?: ValidityOptions) => {
    const pairs = which.map(async (user) => {
      return [user, await signing.issueClient(commonNameOf(spec, user), validity)] as const
    })
    return new Map(await Promise.all(pairs))
  }
  const others = await issueUsers(users.filter((user) => user !== 'root'))
  let pairs = others.set('root', signing.client)
  const present = () => {
    return new Map([...pairs].map(([user, pair]) => [user, { caPem: trustedPem(), ...pair }]))
  }
  let credentials = present()
  const filesOf: Certificates['filesOf'] = async (name, address) => {
    const own = issued.get(name) ?? (await signing.issueMember(name, address))
    issued.set(name, own)
    const client = pairs.get('root') ?? signing.client
    const known = { caPem: trustedPem(), client, members: { [name]: own } }
    return [
      ...memberFiles(known, { member: name, layout: 'cfssl' }),
      ...(await revocationFiles(spec, signing, revoked)),
    ]
  }
  const renewClient = async (validity?: ValidityOptions) => {
    pairs = await issueUsers(users, validity)
    credentials = present()
  }
  const credentialsOf: Certificates['credentialsOf'] = (user) => {
    return spec.tls.client === 'none' ? undefined : credentials.get(user)
  }
  return {
    get credentials() {
      return credentialsOf('root')
    },
    credentialsOf,
    filesOf,
    renew: async (name, address, leaf) => {
      issued.set(name, await signing.issueMember(name, address, leaf))
      return filesOf(name, address)
    },
    renewClient,
    proxyFiles: async (name, address) =>
      proxyFiles(trustedPem(), await signing.issueProxy(name, address), { layout: 'cfssl' }),
    issueClient: async (commonName, validity) => ({
      caPem: trustedPem(),
      ...(await signing.issueClient(commonName, validity)),
    }),
    revoke: async (certPem) => {
      revoked.push(certPem)
    },
    changeAuthority: async (step) => {
      next ??= await issueCluster(spec, addresses)
      if (step === 'sign-with-new') {
        signing = next
        await renewClient()
      }
      trusted = step === 'trust-new' ? [next] : [...new Set([...trusted, next])]
      credentials = present()
    },
  }
}

/** With passwords a certificate names no user, so that a request without a token has none. */
function commonNameOf({ auth }: ClusterSpec, user: AuthUser): string {
  return auth?.by === 'password' && user !== 'root' ? 'no-user' : user
}

/** etcd accepts no connection while the file that it was given is missing or is no list. */
async function revocationFiles(
  { options }: ClusterSpec,
  pki: ClusterPki,
  revoked: readonly string[],
): Promise<ContainerFile[]> {
  const paths = ['client-crl-file', 'peer-crl-file'].flatMap((name) => options[name] ?? [])
  if (paths.length === 0) return []
  const content = await pki.revocationList(revoked)
  return [...new Set(paths)].map((path) => ({ path, content, mode: 0o644 }))
}

/** Entries with the directories that only the owner may enter. */
export function withKeyDirectories(files: readonly TarEntry[]): readonly TarEntry[] {
  const keys = files.filter(({ mode }) => mode === 0o600)
  const directories = [...new Set(keys.map(({ path }) => dirname(path)))].sort()
  return [...directories.map((path) => ({ path, mode: 0o700 })), ...files]
}
