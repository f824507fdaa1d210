import { connect } from 'node:tls'
import type { Cluster, Member } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { maintenanceFault } from './maintenance-fault.ts'

const handshakeTimeoutMs = 2_000

/** New leaf certificates and keys of the same CA: etcd reads them at every handshake. */
export const rotateCertificates = maintenanceFault({
  name: 'rotate-certificates',
  description: 'puts new certificates and keys in place while the member runs',
  effect: 'changes',
  probe: compareReadings<string>({
    expected: 'another certificate at the next handshake',
    what: 'serial number',
    read: readSerial,
    isObserved: (before, now) => before !== now,
    format: (serial) => serial,
  }),
  act: async (member) => {
    await member.renewCertificates()
    return undefined
  },
})

/** The serial of the certificate that the member shows to a new client. Throws without TLS. */
async function readSerial(member: Member, { credentials }: Cluster): Promise<string> {
  if (credentials === undefined)
    throw new FaultError('Expected a cluster with TLS, got one without')
  const { hostname, port } = new URL(member.clientEndpoint)
  const { caPem: ca, certPem: cert, keyPem: key } = credentials
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const options = { host: hostname, port: Number(port), ca, cert, key, timeout: handshakeTimeoutMs }
  const socket = connect(options, () => resolve(socket.getPeerCertificate().serialNumber))
  socket.on('error', reject)
  socket.on('timeout', () => reject(new FaultError(`Expected ${member.name} to shake hands`)))
  return promise.finally(() => socket.destroy())
}
