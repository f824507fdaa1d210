import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials,
  type Interceptor,
} from '@grpc/grpc-js'
import { InputError } from '../core/errors.ts'
import { portOf } from '../core/network/port-of.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'

/**
 * Without retries. A lost connection is tried again ten times a second, since outages are measured
 * with it. Channels share no connection, so that a new channel is a new connection. Keepalives come
 * at most every 6 s: etcd closes the connection of a client that pings within 5 s.
 */
const options: ChannelOptions = {
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.min_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 100,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 6_000,
  'grpc.keepalive_timeout_ms': 1_500,
  'grpc.keepalive_permit_without_calls': 0,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
}

/**
 * A channel to `https://host:port`, verified against CA and host, or `http://host:port`; lazy. Each
 * request passes the interceptors.
 */
export function openChannel(
  endpoint: string,
  pem: TlsCredentials | undefined,
  interceptors: Interceptor[] = [],
): Client {
  const url = new URL(endpoint)
  const { protocol, hostname: bracketed } = url
  const hostname = bracketed.replace(/^\[(.*)\]$/, '$1')
  const secure = channelCredentials({ endpoint, protocol, hostname }, pem)
  return new Client(`${bracketed}:${portOf(url)}`, secure, {
    ...options,
    ...serverName(hostname),
    interceptors,
  })
}

/** An address may not be a TLS server name (RFC 6066), and Node warns of it. */
export function serverName(hostname: string): ChannelOptions {
  return isIP(hostname) === 0 ? {} : { 'grpc.ssl_target_name_override': 'localhost' }
}

function channelCredentials(
  { endpoint, protocol, hostname }: { endpoint: string; protocol: string; hostname: string },
  pem: TlsCredentials | undefined,
): ChannelCredentials {
  if (protocol === 'http:') return credentials.createInsecure()
  if (protocol !== 'https:' || pem === undefined) {
    throw new InputError(
      `Expected \`${endpoint}\` to be http, or https with a CA to trust, got neither`,
      { endpoint },
    )
  }
  const bytes = (text: string | undefined) => (text === undefined ? null : Buffer.from(text))
  return credentials.createSsl(Buffer.from(pem.caPem), bytes(pem.keyPem), bytes(pem.certPem), {
    checkServerIdentity: (_greeted, certificate) => checkServerIdentity(hostname, certificate),
  })
}
