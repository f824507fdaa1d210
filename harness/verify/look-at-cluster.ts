import { hashKV, status } from '../client/maintenance.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { type Asker, createAsker, mapAnswer, notAsked } from './ask.ts'
import type {
  ClusterView,
  EndpointView,
  HashView,
  PeerView,
  Reply,
  StatusView,
} from './checks/cluster-view.ts'
import {
  type Access,
  type LookedAt,
  lookAtEndpoint,
  type Place,
  toStatusView,
} from './look-at-endpoint.ts'
import { connectPort, readCertificate } from './probe-port.ts'

export interface LookOptions extends Access {
  readonly endpoints: readonly Place[]
  /** Hashing reads the whole keyspace of every member. */
  readonly withHash: boolean
}

/** Above any cluster that etcd's documents know of: a list that is longer is not followed. */
const mostPlaces = 32

/**
 * Looks at a cluster once: at the given endpoints, at the client URLs of all members that none of them
 * is, and at the peer URLs. Every request is tried once, within its own deadline; none changes anything.
 */
export async function lookAtCluster(
  options: LookOptions,
): Promise<{ readonly view: ClusterView; readonly requests: number }> {
  const asker = createAsker()
  const takenAtMs = Date.now()
  await using looked = new AsyncDisposableStack()
  const look = async (places: readonly Place[]) => {
    const all = await Promise.all(places.map((place) => lookAtEndpoint(place, options, asker)))
    return all.map((one) => looked.use(one))
  }
  const given = await look(options.endpoints)
  const all = [...given, ...(await look(otherPlaces(given)))]
  const peers = lookAtPeers(all, options, asker)
  const hashed = options.withHash
    ? await hashAtOneRevision(all, asker)
    : { at: undefined, hashes: all.map(() => notAsked('the check is skipped')) }
  const later = await lookAgain(all, asker)
  const endpoints = all.map(
    ({ view }, index): EndpointView => ({
      ...view,
      hash: hashed.hashes[index] ?? notAsked('it was not looked at'),
      laterStatus: later[index] ?? notAsked('it was not looked at'),
    }),
  )
  const clientCertPem = options.credentials?.certPem
  const view = { takenAtMs, hashRevision: hashed.at, endpoints, peers: await peers, clientCertPem }
  return { view, requests: asker.count() }
}

/** The first client URL of each member that no endpoint is. */
function otherPlaces(given: readonly LookedAt[]): readonly Place[] {
  const seen = new Set(given.flatMap(({ view }) => idOf(view)))
  const tried = new Set(given.map(({ view }) => view.url))
  return membersOf(given)
    .filter(({ id }) => !seen.has(id))
    .flatMap(({ clientUrls }) => clientUrls.filter(isHttp).slice(0, 1))
    .filter((url) => !tried.has(url))
    .slice(0, mostPlaces)
    .map((url) => ({ url }))
}

function membersOf(looked: readonly LookedAt[]) {
  const lists = looked.flatMap(({ view: { members } }) =>
    members.kind === 'answered' ? [members.value] : [],
  )
  return lists[0] ?? []
}

const isHttp = (url: string) => URL.canParse(url) && /^https?:/.test(url)

function idOf({ status: found }: Pick<EndpointView, 'status'>): readonly string[] {
  return found.kind === 'answered' ? [found.value.memberId] : []
}

function lookAtPeers(
  looked: readonly LookedAt[],
  { credentials, timeoutMs }: LookOptions,
  asker: Asker,
): Promise<readonly PeerView[]> {
  const urls = membersOf(looked).flatMap(({ id, peerUrls }) =>
    peerUrls.filter(isHttp).map((url) => ({ memberId: id, url })),
  )
  return Promise.all(
    urls.slice(0, mostPlaces).map(async ({ memberId, url }) => {
      const target = { url: new URL(url), timeoutMs }
      const port = await asker.ask(() => connectPort(target))
      const certificate =
        port.kind === 'answered' && url.startsWith('https:')
          ? await asker.ask(() => readCertificate(target, credentials))
          : notAsked('the port speaks plain HTTP, or does not answer')
      return { memberId, url, port, certificate }
    }),
  )
}

interface Hashed {
  readonly at: number | undefined
  readonly hashes: readonly Reply<HashView>[]
}

/**
 * Hashes every voter at the oldest of their revisions, which all have. Hashes that differ are read
 * once more: up to 3.5 a compaction that is under way changes them for a moment.
 */
async function hashAtOneRevision(all: readonly LookedAt[], asker: Asker): Promise<Hashed> {
  const revisions = all.flatMap(({ view }) => voterStatus(view)).map(({ revision }) => revision)
  if (revisions.length === 0) return { at: undefined, hashes: [] }
  const at = Math.min(...revisions)
  const read = () =>
    Promise.all(
      all.map(async ({ view, client }): Promise<Reply<HashView>> => {
        if (voterStatus(view).length === 0) return notAsked('only voters that answer are hashed')
        const answer = await asker.ask(() => hashKV(client, at))
        return mapAnswer(answer, ({ hash, compactRevision }) => ({ hash, compactRevision }))
      }),
    )
  const hashes = await read()
  const values = hashes.flatMap((one) => (one.kind === 'answered' ? [one.value.hash] : []))
  return { at, hashes: new Set(values).size > 1 ? await read() : hashes }
}

function voterStatus({ status: found }: Pick<EndpointView, 'status'>): readonly StatusView[] {
  return found.kind === 'answered' && !found.value.learner ? [found.value] : []
}

const looksAgainMs = 1_000
const looksAgainEveryMs = 200

/** The statuses once more; a second long where a member is behind what another had at first. */
async function lookAgain(
  all: readonly LookedAt[],
  asker: Asker,
): Promise<readonly Reply<StatusView>[]> {
  const newest = Math.max(...all.flatMap(({ view }) => voterStatus(view)).map((s) => s.revision), 0)
  let last: readonly Reply<StatusView>[] = []
  const look = async () => {
    last = await Promise.all(
      all.map(async ({ view, client }) =>
        view.status.kind === 'answered'
          ? mapAnswer(await asker.ask(() => status(client)), toStatusView)
          : view.status,
      ),
    )
    const isBehind = last.some(
      (one) => one.kind === 'answered' && !one.value.learner && one.value.revision < newest,
    )
    return isBehind ? notYet('a member is behind') : done(last)
  }
  const limits = { deadlineMs: looksAgainMs, intervalMs: looksAgainEveryMs }
  return poll(look, { what: 'members to reach one revision', ...limits }).catch(() => last)
}
