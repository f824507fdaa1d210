import { randomBytes } from 'node:crypto'
import { EnvironmentError, messageOf } from '../../core/errors.ts'
import { type Belonging, labelsOf } from '../cleanup/labels.ts'
import { removeNetwork } from '../cleanup/remove.ts'
import { type Engine, statusCodeOf } from '../connect.ts'
import { freeSubnets, hostSubnets } from './subnets.ts'

/** A bridge network of our own. Disposing it removes it; its containers must be gone by then. */
export interface EngineNetwork extends AsyncDisposable {
  readonly name: string
  /** A /24, such as `10.213.7.0/24`. Hosts 2 to 127 are for fixed addresses. */
  readonly subnet: string
}

const attempts = 8

/** Free /24 subnets, best first: neither a network of the engine nor a route of this host. */
async function proposeSubnets(engine: Engine): Promise<string[]> {
  const networks = await engine.docker.listNetworks()
  const taken = networks.flatMap(
    ({ IPAM }) => IPAM?.Config?.map(({ Subnet }) => Subnet ?? '') ?? [],
  )
  const subnets = freeSubnets({
    taken: [...taken, ...hostSubnets()],
    count: attempts,
    start: Math.random(),
  })
  if (subnets.length > 0) return subnets
  throw new EnvironmentError('Expected a free private /24 subnet for a network, got none', {
    taken,
  })
}

/**
 * Creates a network that publishes ports on 127.0.0.1 only, in the first proposed subnet that is
 * still free. The engine may assign addresses from the upper half of the subnet only, so that a
 * fixed address is never lost while its container is stopped.
 */
export async function createNetwork(
  engine: Engine,
  options: Belonging & { readonly name: string; readonly subnets?: readonly string[] },
): Promise<EngineNetwork> {
  const subnets = options.subnets ?? (await proposeSubnets(engine))
  const name = `gauntlet-${options.name}-${randomBytes(4).toString('hex')}`
  for (const subnet of subnets.slice(0, attempts)) {
    const isCreated = await tryCreate(engine, { name, subnet, belonging: options })
    if (isCreated) return networkNamed(engine, { name, subnet })
  }
  throw new EnvironmentError(`Expected one of ${subnets.join(', ')} to be free, got overlaps`)
}

/** One that there is. */
export function networkNamed(
  engine: Engine,
  { name, subnet }: Pick<EngineNetwork, 'name' | 'subnet'>,
): EngineNetwork {
  return { name, subnet, [Symbol.asyncDispose]: () => removeNetwork(engine, name) }
}

/** False where the subnet has been taken meanwhile. */
async function tryCreate(
  engine: Engine,
  options: { readonly name: string; readonly subnet: string; readonly belonging: Belonging },
): Promise<boolean> {
  const { name, subnet, belonging } = options
  try {
    await engine.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      IPAM: {
        Config: [
          {
            Subnet: subnet,
            Gateway: subnet.replace('.0/24', '.1'),
            IPRange: subnet.replace('.0/24', '.128/25'),
          },
        ],
      },
      Options: { 'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1' },
      Labels: labelsOf(belonging, 'network'),
    })
    return true
  } catch (thrown) {
    if (/overlap/i.test(messageOf(thrown))) return false
    throw new EnvironmentError(
      `Expected the engine to create a network, got: ${messageOf(thrown)}`,
      { subnet, status: statusCodeOf(thrown) },
      thrown,
    )
  }
}
