import { clusterDomain, domainName } from '../topology/bootstrap.ts'
import { hasFeature } from '../topology/etcd-features.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { generateKey, type KeyPair, type PreparedKeys, prepareKeys } from './keys.ts'
import type { Profile, Subject } from './profiles.ts'
import { signRevocationList } from './revocation.ts'
import {
  type IssuedPair,
  type LeafRequest,
  signCa,
  signLeaf,
  type ValidityOptions,
} from './sign.ts'

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
 * Makes a CA (`etcd-ca`, ten years) and all certificates of a cluster. `addresses` maps a member's
 * name to what others reach it by; every server and peer certificate is good for 127.0.0.1,
 * localhost, the name and the address. Before 3.5 the JSON gateway can only show the server's
 * certificate to its own server, so it is good for both there, as kubeadm's. `keys` are those of an
 * earlier `prepareKeys(spec)`.
 */
export async function issueCluster(
  spec: ClusterSpec,
  addresses: Readonly<Record<string, string>>,
  keys: Promise<PreparedKeys> | PreparedKeys = prepareKeys(spec),
): Promise<ClusterPki> {
  const prepared = await keys
  const type = spec.tls.key
  const caPem = await signCa(type, prepared.ca)
  const serverIsClient = !hasFeature(spec.version, 'client-cert-file-flag')
  const allowed = allowedNames(spec)
  const sign = (request: LeafRequest) => signLeaf(type, prepared.ca, request)
  const entries = spec.members.map(async ({ name }) => {
    const [own, address] = [prepared.members[name], addresses[name]]
    if (own === undefined || address === undefined) {
      throw new RangeError(`Expected a key and an address of \`${name}\`, got none`)
    }
    return [
      name,
      await memberPairs(sign, { name, address, keys: own, serverIsClient, allowed }),
    ] as const
  })
  const issue: ClusterPki['issue'] = async (profile, subject, sans, validity) =>
    sign({ profile, subject, sans, key: await generateKey(type), validity })
  return {
    caPem,
    members: Object.fromEntries(await Promise.all(entries)),
    client: await sign({
      profile: 'client',
      subject: { commonName: 'root' },
      sans: allowed.clientHosts,
      key: prepared.client,
    }),
    issue,
    issueClient: (commonName, validity) =>
      issue('client', { commonName }, allowed.clientHosts, validity),
    issueMember: async (name, address, leaf) => {
      const [server, peer] = await Promise.all([generateKey(type), generateKey(type)])
      const keys = { server, peer }
      return memberPairs(sign, { name, address, keys, serverIsClient, allowed, leaf })
    },
    revocationList: (certPems) => signRevocationList({ type, ca: prepared.ca }, certPems),
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
  readonly serverIsClient: boolean
  readonly allowed: AllowedNames
  readonly leaf?: MemberLeaf | undefined
}

async function memberPairs(
  sign: (request: LeafRequest) => Promise<IssuedPair>,
  { name, address, keys, serverIsClient, allowed, leaf = {} }: MemberRequest,
): Promise<MemberPairs> {
  const { commonName = name, sans: names = ['127.0.0.1', 'localhost', name, address] } = leaf
  const subject = { commonName }
  const sans = [...new Set(names)]
  const peerHosts = leaf.sans === undefined ? allowed.peerHosts : []
  const peerName = leaf.commonName ?? allowed.peerName ?? name
  const [server, peer] = await Promise.all([
    sign({
      profile: serverIsClient ? 'peer' : 'server',
      subject,
      sans,
      key: keys.server,
      validity: leaf,
    }),
    sign({
      profile: 'peer',
      subject: { commonName: peerName },
      sans: [...new Set([...sans, ...peerHosts])],
      key: keys.peer,
      validity: leaf,
    }),
  ])
  return { server, peer }
}
