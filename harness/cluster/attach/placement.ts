import { amount, count, record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import type { Shape } from '../../core/schema/validator.ts'
import { architectureSchema, clusterSpecSchema } from '../../topology/spec-schema.ts'

const bootstrapSchema = Type.Union([
  Type.Object({ by: Type.Literal('discovery'), url: Type.String(), token: Type.String() }),
  Type.Object({ by: Type.Literal('dns') }),
])

/** Where one member lives, and what is copied into each of its containers. */
const memberPlacementSchema = Type.Object({
  name: Type.String(),
  architecture: architectureSchema,
  address: Type.String(),
  clientPort: count,
  metricsPort: count,
  clientHttpPort: Type.Optional(count),
  failpointsPort: Type.Optional(count),
  network: Type.String(),
  addresses: record(Type.String()),
  bootstrap: Type.Optional(bootstrapSchema),
  nameServer: Type.Optional(Type.String()),
  files: Type.Array(Type.String(), {
    description: 'Absolute paths of its certificates and keys, in the member.',
  }),
})

export type MemberPlacement = Shape<typeof memberPlacementSchema>

/** Where one door stands. */
const doorPlacementSchema = Type.Object({
  name: Type.String(),
  address: Type.String(),
  port: Type.Integer({ ...count, description: 'Published on 127.0.0.1.' }),
  memberEndpoint: Type.String({ description: 'Of the member beside which it stands.' }),
})

export type DoorPlacement = Shape<typeof doorPlacementSchema>

/**
 * What another process needs to reach a cluster that runs: see `attachCluster`. No key and no
 * certificate is in it: those of the members are read from their containers.
 */
export const clusterPlacementSchema = Type.Object({
  spec: clusterSpecSchema,
  image: Type.Union([Type.String(), record(Type.String())], {
    description: 'Of etcd; by architecture where members differ.',
  }),
  toolboxImage: Type.Optional(Type.String()),
  timeScale: amount,
  network: Type.Object({ name: Type.String(), subnet: Type.String() }),
  members: Type.Array(memberPlacementSchema),
  doors: Type.Optional(Type.Array(doorPlacementSchema)),
  addresses: Type.Optional(
    record(Type.String(), {
      description: 'Of everything that ever had one, the doors too: none is used again.',
    }),
  ),
})

export type ClusterPlacement = Shape<typeof clusterPlacementSchema>
