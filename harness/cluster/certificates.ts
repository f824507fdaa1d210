import { dirname } from 'node:path/posix'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { TarEntry } from '../engine/container/tar.ts'
import { type ClusterPki, issueCluster } from '../pki/authority.ts'
import type { PreparedKeys } from '../pki/keys.ts'
import { certificatePaths, memberFiles } from '../pki/layout.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { clientUrl } from '../topology/urls.ts'
import type { ContainerFile } from './tools.ts'

/** A cluster's certificates as members and clients get them. The CA's key never leaves `issue`. */
export interface Certificates {
  readonly credentials: Required<TlsCredentials> | undefined
  /** Of a member there was no certificate for: new ones. */
  filesOf(name: string, address: string): Promise<readonly ContainerFile[]>
  /** New ones, which are that member's from now on. */
  renew(name: string, address: string): Promise<readonly ContainerFile[]>
}

export function needsCertificates(spec: ClusterSpec): boolean {
  return spec.tls.client !== 'none' || spec.tls.peer !== 'none'
}

export const noCertificates: Certificates = {
  credentials: undefined,
  filesOf: async () => [],
  renew: async () => [],
}

export async function issueCertificates(
  spec: ClusterSpec,
  addresses: Readonly<Record<string, string>>,
  keys: Promise<PreparedKeys>,
): Promise<Certificates> {
  const pki = await issueCluster(spec, addresses, keys)
  const issued = new Map(Object.entries(pki.members))
  const filesOf: Certificates['filesOf'] = async (name, address) => {
    const own = issued.get(name) ?? (await pki.issueMember(name, address))
    issued.set(name, own)
    const known: ClusterPki = { ...pki, members: { [name]: own } }
    return memberFiles(known, { member: name, layout: 'cfssl' })
  }
  return {
    credentials: spec.tls.client === 'none' ? undefined : { caPem: pki.caPem, ...pki.client },
    filesOf,
    renew: (name, address) => {
      issued.delete(name)
      return filesOf(name, address)
    },
  }
}

/** etcdctl's arguments inside a member, towards its own client port. */
export function etcdctlFlags(spec: ClusterSpec): string[] {
  const { ca, client } = certificatePaths('cfssl')
  const endpoint = `--endpoints=${clientUrl(spec, '127.0.0.1')}`
  if (spec.tls.client === 'none') return [endpoint]
  return [endpoint, `--cacert=${ca}`, `--cert=${client.cert}`, `--key=${client.key}`]
}

/** Entries with the directories that only the owner may enter. */
export function withKeyDirectories(files: readonly TarEntry[]): readonly TarEntry[] {
  const keys = files.filter(({ mode }) => mode === 0o600)
  const directories = [...new Set(keys.map(({ path }) => dirname(path)))].sort()
  return [...directories.map((path) => ({ path, mode: 0o700 })), ...files]
}
