import type { Etcd3 } from 'etcd3'
import { openApplicationClient } from '../client/application.ts'
import { messageOf } from '../core/errors.ts'
import { expectPuts } from './expect-puts.ts'
import type { Generator, Load } from './generator.ts'
import { keyAt, keyNumbers, loadValue } from './keys.ts'
import { type Pacer, startPacer } from './pacer.ts'
import { kindOf, startTally, type Tally } from './tally.ts'

/**
 * gRPC as applications use it: the `etcd3` package with one connection a member, which all clients
 * of that member share. Its retries are off: a write that it sent twice would count once here and
 * twice in etcd.
 */
export const etcd3Generator: Generator = {
  name: 'etcd3',
  run: async (load, signal) => {
    expectPuts('etcd3', load)
    const { targets, credentials, timeoutMs, clients } = load
    const used = targets.slice(0, clients)
    const connections = used.map(({ endpoint }) =>
      openApplicationClient({ endpoints: [endpoint], credentials, timeoutMs, attempts: 'once' }),
    )
    try {
      const tally = startTally(load, signal)
      const pacer = startPacer(load, tally.goesOn)
      const loops = Array.from({ length: clients }, (_, client) =>
        writeInTurn(connections[client % connections.length] as Etcd3, {
          client,
          load,
          tally,
          pacer,
        }),
      )
      await Promise.all(loops)
      return {
        ...tally.finish(),
        operation: 'put',
        clients,
        members: used.map(({ member }) => member),
        notStarted: pacer.notStarted(tally.endMs()),
      }
    } finally {
      for (const connection of connections) connection.close()
    }
  },
}

async function writeInTurn(
  connection: Etcd3,
  { client, load, tally, pacer }: { client: number; load: Load; tally: Tally; pacer: Pacer },
): Promise<void> {
  const numberAt = keyNumbers(client, load)
  const value = loadValue(load)
  for (let turn = 0; ; turn++) {
    const dueMs = await new Promise<number>((resolve) => pacer.next(resolve))
    if (!tally.goesOn(dueMs)) return
    try {
      await connection.put(keyAt(numberAt(turn), load)).value(value)
      tally.acknowledged(client, performance.now() - dueMs)
    } catch (thrown) {
      tally.failed(kindOf(messageOf(thrown)))
    }
  }
}
