import type { Etcd3 } from 'etcd3'
import { openApplicationClient } from '../client/application.ts'
import { messageOf } from '../core/errors.ts'
import type { ClosedLoad, Generator } from './generator.ts'
import { keysOf, loadValue } from './keys.ts'
import { kindOf, startTally, type Tally } from './tally.ts'

/**
 * gRPC as applications use it: the `etcd3` package with one connection a member, which all clients
 * of that member share. Its retries are off: a write that it sent twice would count once here and
 * twice in etcd.
 */
export const etcd3Generator: Generator = {
  name: 'etcd3',
  run: async (load) => {
    const { targets, credentials, timeoutMs, clients } = load
    const used = targets.slice(0, clients)
    const connections = used.map(({ endpoint }) =>
      openApplicationClient({ endpoints: [endpoint], credentials, timeoutMs, attempts: 'once' }),
    )
    try {
      const tally = startTally(load)
      const loops = Array.from({ length: clients }, (_, client) =>
        writeInTurn(connections[client % connections.length] as Etcd3, { client, load, tally }),
      )
      await Promise.all(loops)
      return { ...tally.finish(), clients, members: used.map(({ member }) => member) }
    } finally {
      for (const connection of connections) connection.close()
    }
  },
}

async function writeInTurn(
  connection: Etcd3,
  { client, load, tally }: { client: number; load: ClosedLoad; tally: Tally },
): Promise<void> {
  const keys = keysOf(client, load)
  const value = loadValue(load)
  for (let turn = 0; tally.goesOn(); turn++) {
    const sentMs = performance.now()
    try {
      await connection.put(keys[turn % keys.length] as string).value(value)
      tally.acknowledged(client, performance.now() - sentMs)
    } catch (thrown) {
      tally.failed(kindOf(messageOf(thrown)))
    }
  }
}
