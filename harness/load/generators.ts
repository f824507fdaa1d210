import { etcd3Generator } from './etcd3.ts'
import { gatewayGenerator } from './gateway.ts'
import type { Generator } from './generator.ts'
import { leanGenerator } from './lean/lean.ts'

/** By the name that a child process receives. */
export const generators = {
  etcd3: etcd3Generator,
  gateway: gatewayGenerator,
  lean: leanGenerator,
} as const satisfies Record<string, Generator>

/** The name of a generator: etcd3, gateway or lean. */
export type GeneratorName = keyof typeof generators
