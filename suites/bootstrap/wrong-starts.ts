import {
  type Drill,
  done,
  type Member,
  MemberExitedError,
  notYet,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { lastComplaint, untilExit } from '../shared/member-exit.ts'
import { addToMemberList, removeRow, untilHealthy } from '../shared/membership.ts'
import { newcomer, type Place, rows, type WrongStart } from './wrong-start-rows.ts'

export const wrongStarts: readonly Scenario[] = rows.map((row) => ({
  id: `bootstrap/${row.name}`,
  title: `A newcomer ${row.title}`,
  depth: row.depth,
  minMembers: 3,
  workload: workloads.steady,
  faults: [],
  skippedCheckers: { logs: 'the scenario expects the newcomer to fail with a fatal line' },
  act: (drill) => startWrongly(drill, row),
}))

async function startWrongly(drill: Drill, row: WrongStart): Promise<void> {
  const { cluster } = drill
  const through = await cluster.leader()
  const place = await placeOf(drill, through, row)
  const before = await logsOf(cluster.members)
  const member = await cluster.startMember(row.start(place)).catch((thrown: unknown) => {
    if (!(thrown instanceof MemberExitedError)) throw thrown
    return String(thrown.fields.logTail)
  })
  if (typeof member === 'string') {
    expectReason(drill, row, member)
    return
  }
  if (row.ends === 'exits') {
    await untilExit(drill, { id: 'wrong-start-exits', sentence: 'the newcomer to exit', member })
    expectReason(drill, row, await member.logs())
  } else {
    await expectKeptOut(drill, row, { member, before })
  }
  if (row.mend !== undefined) {
    await row.mend(member)
    await untilHealthy(drill, member)
  }
  if (row.isAdded === true) await removeRow(drill, through, { id: place.id, name: newcomer })
  await cluster.removeMember(newcomer)
}

async function placeOf(drill: Drill, through: Member, { isAdded }: WrongStart): Promise<Place> {
  const { cluster } = drill
  const { spec } = cluster
  const address = cluster.reserveAddress(newcomer)
  if (isAdded === true) {
    const { id, initialCluster } = await addToMemberList(drill, { through, name: newcomer })
    return { spec, address, id, initialCluster }
  }
  const others = Object.fromEntries(cluster.members.map((each) => [each.name, each.address]))
  return { spec, address, id: '', initialCluster: { ...others, [newcomer]: address } }
}

/** The reason may stand in the log of the member that refuses the newcomer. */
async function expectKeptOut(
  drill: Drill,
  { reason }: WrongStart,
  { member, before }: { readonly member: Member; readonly before: ReadonlyMap<string, number> },
): Promise<void> {
  const { cluster, deadlines } = drill
  await drill.becomes(
    'wrong-start-is-explained',
    `a member to log ${reason.source}`,
    async () => {
      for (const each of cluster.members) {
        const log = (await each.logs()).slice(before.get(each.name) ?? 0)
        if (reason.test(log)) return done(undefined)
      }
      return notYet(lastComplaint(await member.logs()))
    },
    { deadlineMs: deadlines.healthyMs },
  )
  await drill.hold(keptOutElections * cluster.spec.electionTimeoutMs)
  const isHealthy = await member.isHealthy()
  drill.expect(
    'wrong-start-serves-nobody',
    'the newcomer to serve no client',
    !isHealthy,
    isHealthy ? 'a healthy newcomer' : 'none that is healthy',
  )
}

/** It asks for votes in each of them. */
const keptOutElections = 3

function expectReason(drill: Drill, { reason }: WrongStart, log: string): void {
  drill.expect(
    'wrong-start-is-explained',
    `the newcomer to log ${reason.source}`,
    reason.test(log),
    lastComplaint(log),
  )
}

async function logsOf(members: readonly Member[]): Promise<ReadonlyMap<string, number>> {
  const lengths = members.map(async (each) => [each.name, (await each.logs()).length] as const)
  return new Map(await Promise.all(lengths))
}
