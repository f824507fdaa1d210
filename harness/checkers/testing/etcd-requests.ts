import type { Random } from '../../core/random.ts'
import type { OperationEvent } from '../../history/operations.ts'
import type { EtcdSimulation, SimulatedClient } from './etcd-simulator.ts'

const defaultMix = { put: 40, get: 35, 'stale-get': 5, delete: 5, cas: 10, range: 2, txn: 3 }

/** Draws requests by the simulation's mix, and what becomes of each. */
export function createRequests(simulation: EtcdSimulation, random: Random) {
  const mix = Object.entries(simulation.mix ?? defaultMix)
  const total = mix.reduce((sum, [, weight]) => sum + weight, 0)
  let fresh = 0
  const key = () => `k${random.int(0, simulation.keys - 1)}`
  const value = () => {
    if (!simulation.values) return `v${fresh++}`
    return `v${random.int(0, simulation.values - 1)}`
  }
  const recent = () => {
    if (random.float() < 0.2) return null
    if (simulation.values) return value()
    return `v${Math.max(0, fresh - random.int(1, 60))}`
  }
  const kind = () => {
    let at = random.float() * total
    for (const [f, weight] of mix) {
      at -= weight
      if (at < 0) return f
    }
    return 'put'
  }
  const lease = () => String(random.int(1, simulation.leases ?? 1))
  const showsMetadata = () => random.float() < (simulation.metadataShare ?? 0)
  const request = (): DrawnRequest => {
    const f = kind()
    if (f === 'put') return { f, key: key(), value: value() }
    if (f === 'lease-put') return { f: 'put', key: key(), value: value(), lease: lease() }
    if (f === 'revoke') return { f, lease: lease() }
    if (f === 'stale-get') return { f: 'get', key: key(), serializable: true }
    if (f === 'cas') return { f, key: key(), value: [recent(), value()] }
    if (f === 'range')
      return { ...drawRange(random, key), ...(showsMetadata() && { withVersions: true }) }
    if (f === 'txn') {
      const drawn = drawTxn(random, key, value, recent)
      return { f, value: showsMetadata() ? comparingMetadata(random, drawn) : drawn }
    }
    return { f, key: key() }
  }
  const { every = 0, length = 0 } = simulation.outages ?? {}
  const fate = (sent: number): Pick<SimulatedClient, 'fate' | 'willHappen'> => {
    const isOut = every > 0 && sent % every >= every - length
    if (!isOut && random.float() >= simulation.unknownShare) {
      const isRefused = random.float() < 0.01
      return { fate: isRefused ? 'fail' : 'ok', willHappen: !isRefused }
    }
    return { fate: 'info', willHappen: random.float() < 0.5 }
  }
  return { request, fate }
}

function drawRange(random: Random, key: () => string) {
  const end = random.pick(['\u0000', key()])
  const limit = random.pick([0, 0, 1, 2])
  return { f: 'range', key: random.pick(['k', key()]), end, ...(limit > 0 && { limit }) }
}

function drawTxn(
  random: Random,
  key: () => string,
  value: () => string,
  recent: () => string | null,
) {
  const one = key()
  const other = key()
  const old = recent()
  const compare: DrawnCompare = old === null ? [one, 'mod', '=', 0] : [one, 'value', '=', old]
  const branches = [
    [['get', one], ['put', one, value()], ...(one === other ? [] : [['delete', other]])],
    [['put', one, value()], ...(one === other ? [] : [['put', other, value()]])],
    [
      ['delete', one],
      ['get', other],
    ],
    [['get', other]],
    [],
  ]
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  return { compare: [compare], then: random.pick(branches), else: random.pick(branches) }
}

interface DrawnRequest extends Pick<OperationEvent, 'f' | 'key' | 'value' | 'serializable'> {
  readonly lease?: string
}

type DrawnCompare = [string, string, string, string | number]

function comparingMetadata<Drawn extends { compare: DrawnCompare[] }>(
  random: Random,
  drawn: Drawn,
) {
  const compare = drawn.compare.map(([key]): DrawnCompare => {
    const target = random.pick(['version', 'create'])
    return [key, target, '=', random.int(0, target === 'version' ? 2 : 6)]
  })
  return { ...drawn, compare }
}
