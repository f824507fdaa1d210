import { dirname } from 'node:path/posix'
import { stringify } from 'yaml'
import { flags } from '../etcd/flags.ts'
import type { WrittenMember } from '../file-form.ts'

/**
 * A Compose file with a service a member: its flags, a volume for its data, its folder of
 * certificates, and the address that its URLs have.
 */
export function writeCompose(members: readonly WrittenMember[]): string {
  const addresses = members.map(addressOf)
  const subnet = subnetOf(addresses)
  const network = subnet === undefined ? {} : { networks: { etcd: subnet } }
  const services = members.map((one, index) => {
    const at = subnet && { networks: { etcd: { ipv4_address: addresses[index] } } }
    return [one.member, { ...serviceOf(one), ...at }] as const
  })
  const volumes = members.map(({ member }) => [`${member}-data`, {}] as const)
  const file = {
    services: Object.fromEntries(services),
    ...network,
    volumes: Object.fromEntries(volumes),
  }
  return stringify(file, { lineWidth: 0 })
}

function serviceOf({ member, image, configuration }: WrittenMember) {
  const optionValue = (option: string) => configuration.find(({ name }) => name === option)?.value
  const data = optionValue('data-dir')
  const certificates = ['cert-file', 'peer-cert-file'].flatMap((option) => {
    const file = optionValue(option)
    return file === undefined ? [] : [dirname(file)]
  })
  const volumes = [
    ...(data === undefined ? [] : [`${member}-data:${data}`]),
    ...[...new Set(certificates)].map((path) => `./${member}:${path}:ro`),
  ]
  // Compose replaces $NAME in every text.
  const words = ['etcd', ...flags.write(configuration)].map((word) => word.replaceAll('$', '$$$$'))
  return { image, command: words, volumes: volumes.map((text) => text.replaceAll('$', '$$$$')) }
}

function addressOf({ configuration }: WrittenMember): string {
  const urls = configuration.find(({ name }) => name === 'initial-advertise-peer-urls')?.value
  return URL.parse(urls?.split(',')[0] ?? '')?.hostname ?? ''
}

/** The network of /16 that has them all; undefined where they are no IPv4 addresses of one. */
function subnetOf(addresses: readonly string[]) {
  const prefixes = new Set(
    addresses.map((address) => /^(\d+\.\d+)\.\d+\.\d+$/.exec(address)?.[1] ?? ''),
  )
  const [prefix = ''] = prefixes
  if (prefixes.size !== 1 || prefix === '') return undefined
  return { ipam: { config: [{ subnet: `${prefix}.0.0/16` }] } }
}
