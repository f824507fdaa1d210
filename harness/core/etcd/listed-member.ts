/** A row of etcd's member list. A member that was added and never started has no name. */
export interface ListedMember {
  /** As what lists it writes it: a client in decimal, etcdctl in hexadecimal. */
  readonly id: string
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
  readonly learner: boolean
}
