import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredKey } from '../../history/initial-store.ts'
import type { LeaseEntry } from '../../history/logs/lease.ts'
import type { HistoryEvent, OperationEvent } from '../../history/operations.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { replaceJson } from '../../run-record/files.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'

/** What is wrong with the store that the history was made with; `key` and `value` are what users chose. */
export interface ViolationOptions {
  readonly kind: 'durability' | 'lease' | 'lock'
  readonly id?: string
  readonly key?: string
  readonly value?: string
  readonly members?: readonly string[]
}

/**
 * Writes a scenario's directory whose evidence shows a violation of one kind, judged as every
 * scenario is. A single thread made the history, so that it is right but for the violation.
 */
export async function writeViolation(
  directory: string,
  { kind, id = `broken/${kind}`, ...texts }: ViolationOptions,
): Promise<ScenarioRecord> {
  const story = createStory(texts.members ?? ['m1', 'm2', 'm3'])
  const { key = 'account/42', value = 'balance=' } = texts
  story.traffic(30)
  if (kind === 'durability') loseWrites(story, { key, value })
  if (kind === 'lease') loseLeasedKey(story, { key, value })
  if (kind === 'lock') grantTwice(story, { key: `lock/${key}`, value })
  story.traffic(30)
  save(directory, { kind, id, story })
  const record = judgeScenario(await readEvidence(directory))
  replaceJson(join(directory, 'scenario.json'), record)
  return record
}

type Texts = { readonly key: string; readonly value: string }

/** The second and the third member end with the key as it was before its last two writes. */
function loseWrites(story: Story, { key, value }: Texts): void {
  for (const amount of [10, 15, 25]) story.put(key, `${value}${amount}`)
  const old = story.held(key)
  story.traffic(4)
  for (const amount of [30, 45]) story.put(key, `${value}${amount}`)
  const [, second = 'm2', third = 'm3'] = story.members
  for (const member of [second, third]) story.forge(member, key, old)
}

/** A key is gone a second after its lease was renewed, and another one stays without its lease. */
function loseLeasedKey(story: Story, { key, value }: Texts): void {
  story.lease('grant', '7', 5)
  story.put(key, value, '7')
  for (let renewal = 0; renewal < 12; renewal++) {
    story.wait(1)
    story.lease('keepalive', '7', 5)
    story.get(key)
  }
  story.wait(1)
  story.drop(key)
  story.get(key)
  story.get(key)
  story.lease('grant', '8', 2)
  story.put(`${key}/other`, value, '8')
  story.lease('revoke', '8', 0)
  story.wait(0.5)
  story.get(`${key}/other`)
}

/** The third owner is granted the lock that the second one still holds. */
function grantTwice(story: Story, { key, value }: Texts): void {
  story.take(key, `${value}1`)
  story.remove(key)
  story.take(key, `${value}2`)
  story.wait(0.3)
  story.drop(key)
  story.take(key, `${value}3`)
  story.wait(0.2)
  story.remove(key)
}

type Story = ReturnType<typeof createStory>

const slackMs = 2_000

function createStory(members: readonly string[]) {
  const events: HistoryEvent[] = []
  const leases: LeaseEntry[] = []
  const kvs = new Map<string, StoredKey>()
  const forged: [member: string, key: string, kv: StoredKey | undefined][] = []
  let [timeNs, revision, sent] = [2e9, 1, 0]
  const next = () => {
    timeNs += 1.3e6
    return timeNs
  }
  const request = (asked: Partial<OperationEvent>, answer: () => Partial<OperationEvent>) => {
    const at = { process: sent++ % 5, member: members[sent % members.length] ?? 'm1' }
    events.push({ type: 'invoke', ...at, ...asked, timeNs: next() } as OperationEvent)
    events.push({ type: 'ok', ...at, f: asked.f, ...answer(), timeNs: next() } as OperationEvent)
  }
  const write = (key: string, value: string) => {
    revision++
    const { createRevision = revision, version = 0 } = kvs.get(key) ?? {}
    kvs.set(key, { value, modRevision: revision, createRevision, version: version + 1 })
    return { revision }
  }
  const story = {
    members,
    events,
    leases,
    kvs,
    forged,
    revision: () => revision,
    held: (key: string) => kvs.get(key),
    wait: (seconds: number) => {
      timeNs += seconds * 1e9
    },
    put: (key: string, value: string, lease?: string) =>
      request({ f: 'put', key, value, ...(lease !== undefined && { lease }) }, () =>
        write(key, value),
      ),
    get: (key: string) =>
      request({ f: 'get', key }, () => {
        const kv = kvs.get(key)
        return { value: kv?.value ?? null, revision, ...(kv && { modRevision: kv.modRevision }) }
      }),
    take: (key: string, owner: string) =>
      request({ f: 'cas', key, value: [null, owner] }, () => {
        return { applied: true, ...write(key, owner) }
      }),
    remove: (key: string) =>
      request({ f: 'delete', key }, () => {
        const deleted = kvs.delete(key) ? 1 : 0
        revision += deleted
        return { deleted, revision }
      }),
    lease: (f: 'grant' | 'keepalive' | 'revoke', lease: string, ttlS: number) => {
      const of = { process: 50, f, lease }
      const asked = f === 'grant' && { ttlS }
      leases.push({ type: 'invoke', ...of, ...asked, member: 'm1', timeNs: next() })
      leases.push({ type: 'ok', ...of, ...(f !== 'revoke' && { ttlS }), timeNs: next() })
    },
    /** Without a request: the violation. */
    drop: (key: string) => {
      if (kvs.delete(key)) revision++
    },
    /** What this member says that it holds at the end. */
    forge: (member: string, key: string, kv: StoredKey | undefined) => {
      forged.push([member, key, kv])
    },
    traffic: (operations: number) => {
      for (let at = 0; at < operations; at++) {
        story.wait(0.02)
        if (at % 2 === 0) story.put(`k${at % 5}`, `v${sent}`)
        else story.get(`k${at % 5}`)
      }
    },
  }
  return story
}

const template = join(
  import.meta.dirname,
  '../../../fixtures/runs/one-of-each/scenarios/saved/broken/plan.json',
)

const titles = {
  durability: 'No acknowledged write is lost',
  lease: 'Keys live as long as their leases',
  lock: 'One client at a time holds a lock',
}

function save(
  directory: string,
  { kind, id, story }: { readonly kind: ViolationOptions['kind']; id: string; story: Story },
): void {
  const { members, events, leases, kvs, forged } = story
  mkdirSync(join(directory, 'members'), { recursive: true })
  const lines = (name: string, entries: readonly object[]) =>
    writeFileSync(join(directory, name), entries.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const plan = JSON.parse(readFileSync(template, 'utf8'))
  replaceJson(join(directory, 'plan.json'), {
    ...plan,
    id,
    suite: 'broken',
    title: titles[kind],
    directory: `scenarios/${id}`,
    checkers: [kind],
    skippedCheckers: {},
    plannedRatePerS: 1,
    spec: {
      ...plan.spec,
      members: members.map((name) => ({ name, architecture: 'amd64' })),
    },
    reproduce: `npm run -s gauntlet -- run ${id}`,
  })
  lines('history.jsonl', [{ format: 'gauntlet-history/1', model: 'etcd', seed: 1 }, ...events])
  if (leases.length > 0) lines('leases.jsonl', [{ format: 'gauntlet-lease/1', slackMs }, ...leases])
  const lastMs = Math.ceil((events.at(-1)?.timeNs ?? 0) / 1e6)
  replaceJson(join(directory, 'observations.json'), {
    format: 'gauntlet-observations/1',
    durationMs: lastMs,
    failures: [],
    marks: [],
    measures: {},
    lowerBounds: {},
    elections: 0,
  })
  replaceJson(join(directory, 'final-state.json'), {
    members: members.map((member) => {
      const own = new Map(kvs)
      for (const [at, key, kv] of forged) if (at === member && kv !== undefined) own.set(key, kv)
      const keys = Object.fromEntries(own)
      const revision = story.revision()
      return { member, revision, keys, hash: 1, hashRevision: revision }
    }),
  })
}
