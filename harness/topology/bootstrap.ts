import type { ClusterSpec } from './spec.ts'

/** What the first members of a cluster ask for each other, when no list names them. */
export type Bootstrap =
  | {
      readonly by: 'discovery'
      /** Of the client port of the etcd that serves it, such as `http://10.0.0.9:2379`. */
      readonly url: string
      readonly token: string
    }
  | { readonly by: 'dns' }

/** The domain of the members' records: no real name ends in `test` (RFC 6761). */
export const clusterDomain = 'gauntlet.test'

export function domainName(member: string): string {
  return `${member}.${clusterDomain}`
}

/** `_etcd-server-ssl._tcp.gauntlet.test`; without TLS between peers `_etcd-server._tcp`. */
export function serviceRecord({ tls }: ClusterSpec): string {
  return `_etcd-server${tls.peer === 'none' ? '' : '-ssl'}._tcp.${clusterDomain}`
}
