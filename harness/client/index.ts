/**
 * etcd's API, one function a request: tried once, through one member. Each rejects with a RequestError
 * when etcd answers with an error or not within `timeoutMs` (default the client's), and with a
 * RangeError for a number of 2^53 or more. Keys and values are UTF-8 text, revisions are numbers, and
 * ids (of members, clusters and leases) are decimal text.
 */
export { openApplicationClient } from './application.ts'
export * from './auth.ts'
export * from './concurrency.ts'
export * from './kv.ts'
export * from './lease.ts'
export * from './maintenance.ts'
export { type ConnectOptions, connectMember, type MemberClient } from './member-client.ts'
export * from './membership.ts'
export { hexId } from './numbers.ts'
export { isServerRejection, RequestError } from './request-error.ts'
export * from './watch.ts'
export { withTimeout } from './with-timeout.ts'
