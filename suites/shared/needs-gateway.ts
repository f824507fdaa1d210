import { type ClusterSpec, isOff } from '../../harness/index.ts'

/** For scenarios whose clients use the JSON gateway. */
export function needsGateway(spec: ClusterSpec): string | undefined {
  return isOff(spec, 'enable-grpc-gateway')
    ? 'the user has enable-grpc-gateway off: members have no JSON gateway'
    : undefined
}
