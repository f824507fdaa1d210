import { etcd3Generator } from './etcd3.ts'
import { gatewayGenerator } from './gateway.ts'
import type { Generator } from './generator.ts'

/** By name: what a process is told to run. */
export const generators = {
  etcd3: etcd3Generator,
  gateway: gatewayGenerator,
} as const satisfies Record<string, Generator>

export type GeneratorName = keyof typeof generators
