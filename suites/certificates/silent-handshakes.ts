import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Member, type Scenario, workloads } from '../../harness/index.ts'
import { takesNothing } from '../shared/objectives.ts'
import { needsMutualTls, untilNewConnectionServes } from './expectations.ts'

/** At each member: more than any limit of backlogged connections, less than a limit of files. */
const silentConnections = 200
const holdMs = 5_000

/**
 * GHSA-6vch-q96h-7gc3: before 3.5.33, 3.6.14 and 3.7.1 a handshake may last for ever. Each has a
 * goroutine of its own, so that it stops no other; `track-record` shows which versions end it.
 */
export const silentHandshakes: Scenario = {
  id: 'certificates/silent-handshakes',
  title: 'Clients that connect and never finish their handshake cost the others nothing',
  depth: 'full',
  notApplicable: needsMutualTls,
  workload: workloads.steady,
  faults: [],
  objectives: takesNothing,
  act: async (drill) => {
    const { members } = drill.cluster
    const silent = drill.window('silent-handshakes', 'degrades', [])
    using sockets = new DisposableStack()
    for (const member of members) await connectSilently(member, sockets)
    drill.mark('note', `${silentConnections} handshakes at each member begin and never end`)
    await drill.hold(holdMs)
    for (const member of members) await untilNewConnectionServes(drill, member)
    await silent.undo()
  },
}

async function connectSilently(member: Member, sockets: DisposableStack): Promise<void> {
  const { hostname, port } = new URL(member.clientEndpoint)
  const opened = Array.from({ length: silentConnections }, () => {
    const socket = connect(Number(port), hostname)
    // etcd may end them, the first before the last is there: its right, and no error of ours.
    socket.on('error', () => {})
    return sockets.adopt(socket, (each: Socket) => each.destroy())
  })
  await Promise.all(opened.map((socket) => once(socket, 'connect')))
}
