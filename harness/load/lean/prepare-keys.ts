import type { Load } from '../generator.ts'
import { keyAt, loadValue } from '../keys.ts'
import type { Channels } from './channels.ts'
import { requestMethods } from './requests.ts'
import { runClients } from './run.ts'
import { requestOnce } from './unary.ts'

/** Whether clients read keys, which have to be there. */
export function readsKeys({ operation }: Pick<Load, 'operation'>): boolean {
  return operation === 'range' || operation === 'serializable-range'
}

/** Writes what reads are to find; returns how many revisions that created. Throws when one fails. */
export async function prepareKeys(load: Load, channels: Channels): Promise<number> {
  const { clients, keys, timeoutMs } = load
  if (!readsKeys(load)) return 0
  const { path, message } = requestMethods.put
  const value = Buffer.from(loadValue(load))
  let next = 0
  await runClients(clients, async (client) => {
    while (next < keys) {
      const key = Buffer.from(keyAt(next++, load))
      await requestOnce(channels.of(client), { path, message: message(key, value), timeoutMs })
    }
  })
  return keys
}
