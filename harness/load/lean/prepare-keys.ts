import type { Load } from '../generator.ts'
import { keyAt, loadValue } from '../keys.ts'
import type { Channels } from './channels.ts'
import { requestMethods } from './requests.ts'
import { runClients } from './run.ts'
import { requestOnce } from './unary.ts'

/** Writes what reads are to find; returns how many revisions that created. Throws when one fails. */
export async function prepareKeys(load: Load, channels: Channels): Promise<number> {
  const { operation, clients, keys, timeoutMs } = load
  if (operation !== 'range' && operation !== 'serializable-range') return 0
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
