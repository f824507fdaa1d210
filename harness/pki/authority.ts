import { dayMs } from '../core/durations.ts'
import { clusterDomain, domainName } from '../topology/bootstrap.ts'
import { hasFeature } from '../topology/etcd-features.ts'
import { type CertificateShapes, type ClusterSpec, keyTypeOf } from '../topology/spec.ts'
import { generateKey, type KeyPair, type PreparedKeys, prepareKeys, prepareMember } from './keys.ts'
import { type Profile, type Subject, usagesOf } from './profiles.ts'
import { signRevocationList } from './revocation.ts'
import {
  type IssuedPair,
  type LeafRequest,
  signCa,
  signLeaf,
  type ValidityOptions,
} from './sign.ts'

/** Of a proxy that ends TLS between clients and members. */
export interface ProxyPairs {
  readonly server: IssuedPair
  readonly client: IssuedPair
}

interface MemberPairs {
  readonly server: IssuedPair
  readonly peer: IssuedPair
}

/** A cluster's certificates. The CA's key is not among them: only `issue` can sign. */
export interface ClusterPki {
  readonly caPem: string
  readonly members: Readonly<Record<string, MemberPairs>>
  /** A client of everything; common name `root`, which basic auth takes as the user. */
  readonly client: IssuedPair
  /** A fresh key and its certificate. `sans` are DNS names and IP addresses. */
  issue(
    profile: Profile,
    subject: Subject,
    sans: readonly string[],
    validity?: ValidityOptions,
  ): Promise<IssuedPair>
  /** A fresh pair of a client, with the names that members demand of it. */
  issueClient(commonName: string, validity?: ValidityOptions): Promise<IssuedPair>
  /** Fresh pairs of one member: for one that joins, or a renewal. */
  issueMember(name: string, address: string, leaf?: MemberLeaf): Promise<MemberPairs>
  /**
   * Fresh pairs of a gRPC proxy: what it shows to clients, and to members. Neither has a common name:
   * a proxy exits for one (issue 11970), because members would take it for the user of every request.
   */
  issueProxy(name: string, address: string): Promise<ProxyPairs>
  /** The CA's list of revoked certificates, which are given as PEM. DER: etcd from 3.6 on reads no PEM. */
  revocationList(certPems: readonly string[]): Promise<Uint8Array>
}

/** What a member's pairs have otherwise than the usual ones. */
export interface MemberLeaf extends ValidityOptions {
  /** Instead of the member's own; etcd compares it with `peer-cert-allowed-cn`. */
  readonly commonName?: string
  /** DNS names and IP addresses instead of the member's own. */
  readonly sans?: readonly string[]
}

/**
 * Makes a CA (`etcd-ca`, ten years) and all certificates of a cluster, or such as the spec has them.
 * `addresses` maps a member's name to what others reach it by; every server and peer certificate is
 * good for 127.0.0.1, localhost, the name and the address. Before 3.5 the JSON gateway can only show
 * the server's certificate to its own server, so it is good for both there, as kubeadm's. `keys` are
 * those of an earlier `prepareKeys(spec)`.
 */
export async function issueCluster(
  spec: ClusterSpec,
  addresses: Readonly<Record<string, string>>,
  keys: Promise<PreparedKeys> | PreparedKeys = prepareKeys(spec),
): Promise<ClusterPki> {
  const prepared = await keys
  const { tls } = spec
  const shape = tls.certificates?.ca
  const ca = { subject: { commonName: 'etcd-ca', ...shape?.subject }, key: prepared.ca }
  const signer = {
    sign: (request: LeafRequest) => signLeaf(ca, request),
    shapes: tls.certificates ?? {},
    serverIsClient: !hasFeature(spec.version, 'client-cert-file-flag'),
    allowed: allowedNames(spec),
  }
  const members = spec.members.map(async ({ name }) => {
    const [own, address] = [prepared.members[name], addresses[name]]
    if (own === undefined || address === undefined) {
      throw new RangeError(`Expected a key and an address of \`${name}\`, got none`)
    }
    return [name, await memberPairs(signer, { name, address, keys: own })] as const
  })
  const issue: ClusterPki['issue'] = async (profile, subject, sans, validity) =>
    signer.sign({
      ...leafOf(signer, profile, { subject, sans, validity }),
      key: await generateKey(keyTypeOf(tls, profile)),
    })
  const { clientHosts } = signer.allowed
  return {
    caPem: await signCa(ca, shape?.validMs ?? 3_650 * dayMs),
    members: Object.fromEntries(await Promise.all(members)),
    client: await signer.sign({
      ...leafOf(signer, 'client', { subject: { commonName: 'root' }, sans: clientHosts }),
      key: prepared.client,
    }),
    issue,
    issueClient: (commonName, validity) => issue('client', { commonName }, clientHosts, validity),
    issueMember: async (name, address, leaf) =>
      memberPairs(signer, { name, address, keys: await prepareMember(tls), leaf }),
    issueProxy: async (name, address) => {
      const nobody = { commonName: '' }
      const [server, client] = await Promise.all([
        issue('server', nobody, ['127.0.0.1', 'localhost', name, address]),
        issue('client', nobody, clientHosts),
      ])
      return { server, client }
    },
    revocationList: (certPems) => signRevocationList(ca, certPems),
  }
}

/** What signs the certificates of a cluster, and what they have in common. */
interface Signer {
  readonly sign: (request: LeafRequest) => Promise<IssuedPair>
  readonly shapes: CertificateShapes
  readonly serverIsClient: boolean
  readonly allowed: AllowedNames
}

/** A leaf with what the user's own of that kind has: subject, usages and lifetime. */
function leafOf(
  { shapes, serverIsClient }: Signer,
  profile: Profile,
  { subject, sans, validity = {} }: Pick<LeafRequest, 'subject' | 'sans' | 'validity'>,
): Omit<LeafRequest, 'key'> {
  const shape = shapes[profile]
  if (shape === undefined) {
    const usages = usagesOf[profile === 'server' && serverIsClient ? 'peer' : profile]
    return { usages, subject, sans, validity }
  }
  const { validMs, serverAuth, clientAuth } = shape
  const notAfter = new Date((validity.notBefore?.getTime() ?? Date.now()) + validMs)
  return {
    usages: { serverAuth, clientAuth },
    subject: { ...shape.subject, ...subject },
    sans,
    validity: { notAfter, ...validity },
  }
}

/** The names that members demand of certificates, by the user's options. */
interface AllowedNames {
  readonly peerName: string | undefined
  readonly peerHosts: readonly string[]
  readonly clientHosts: readonly string[]
}

/** The names that etcd's options demand; of a list, the first is enough. */
function allowedNames({ options, bootstrap }: ClusterSpec): AllowedNames {
  const first = (option: string) => options[option]?.split(',')[0]?.trim() || undefined
  const clientHosts = [first('client-cert-allowed-hostname') ?? ''].filter(Boolean)
  // With its peer certificate a member is also a client: of its own gateway.
  const allowed = [first('peer-cert-allowed-hostname') ?? '', ...clientHosts].filter(Boolean)
  // With DNS discovery etcd wants the domain of the records, whichever host it connects to.
  const ofDomain = bootstrap === 'dns' ? [clusterDomain, domainName('*')] : []
  const peerHosts = [...allowed, ...ofDomain]
  return { peerName: first('peer-cert-allowed-cn'), peerHosts, clientHosts }
}

interface MemberRequest {
  readonly name: string
  readonly address: string
  readonly keys: { readonly server: KeyPair; readonly peer: KeyPair }
  readonly leaf?: MemberLeaf | undefined
}

async function memberPairs(
  signer: Signer,
  { name, address, keys, leaf = {} }: MemberRequest,
): Promise<MemberPairs> {
  const { allowed, shapes } = signer
  const own = ['127.0.0.1', 'localhost', name, address]
  const further = { server: [], peer: allowed.peerHosts }
  const sansOf = (kind: 'server' | 'peer') => [
    ...new Set(leaf.sans ?? [...own, ...further[kind], ...(shapes[kind]?.dnsNames ?? [])]),
  ]
  const nameOf = (kind: 'server' | 'peer') => shapes[kind]?.subject.commonName ?? name
  const validity = validityOf(leaf)
  const [server, peer] = await Promise.all([
    signer.sign({
      ...leafOf(signer, 'server', {
        subject: { commonName: leaf.commonName ?? nameOf('server') },
        sans: sansOf('server'),
        validity,
      }),
      key: keys.server,
    }),
    signer.sign({
      ...leafOf(signer, 'peer', {
        subject: { commonName: leaf.commonName ?? allowed.peerName ?? nameOf('peer') },
        sans: sansOf('peer'),
        validity,
      }),
      key: keys.peer,
    }),
  ])
  return { server, peer }
}

function validityOf({ notBefore, notAfter }: ValidityOptions): ValidityOptions {
  return { ...(notBefore && { notBefore }), ...(notAfter && { notAfter }) }
}
