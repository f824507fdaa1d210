import type { ClusterSpec } from './spec.ts'

/** `https://10.0.0.2:2379`; IPv6 addresses get their brackets. The port defaults to the spec's. */
export function clientUrl(spec: ClusterSpec, address: string, port = spec.ports.client): string {
  return url(spec.tls.client !== 'none', address, port)
}

/** As `clientUrl`, for the peers' port. */
export function peerUrl(spec: ClusterSpec, address: string): string {
  return url(spec.tls.peer !== 'none', address, spec.ports.peer)
}

/** As `clientUrl`, for metrics and health: plain HTTP in every cluster. */
export function metricsUrl(spec: ClusterSpec, address: string, port = spec.ports.metrics): string {
  return url(false, address, port)
}

function url(tls: boolean, address: string, port: number): string {
  const host = address.includes(':') ? `[${address}]` : address
  return `${tls ? 'https' : 'http'}://${host}:${port}`
}
