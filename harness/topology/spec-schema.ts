import { amount, count, record } from '../core/schema/parts.ts'
import { Type } from '../core/schema/type.ts'

export const architectureSchema = Type.Enum(['amd64', 'arm64'])

/** A setting of the cluster that a scenario has otherwise than the user. */
export const adjustmentSchema = Type.Object({
  setting: Type.String({
    description: 'Such as `members`, `tls.client` or `options.snapshot-count`.',
  }),
  user: Type.Optional(
    Type.String({ description: 'As the user has it; absent where it is not set.' }),
  ),
  scenario: Type.Optional(Type.String({ description: 'The same of the scenario.' })),
})

// biome-ignore format: one family a line
const keySchema = Type.Enum([
  'rsa-2048', 'rsa-3072', 'rsa-4096',
  'ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521',
])

const certificateShapeSchema = Type.Object({
  key: keySchema,
  subject: Type.Object(
    {
      commonName: Type.Optional(Type.String()),
      organization: Type.Optional(Type.String()),
      organizationalUnit: Type.Optional(Type.String()),
      country: Type.Optional(Type.String()),
      state: Type.Optional(Type.String()),
      locality: Type.Optional(Type.String()),
    },
    { description: 'Without a common name each member has its own.' },
  ),
  validMs: Type.Number({ minimum: 0, description: 'From its beginning to its end.' }),
  serverAuth: Type.Boolean(),
  clientAuth: Type.Boolean(),
  dnsNames: Type.Array(Type.String(), { description: 'Beside those that this cluster needs.' }),
})

/**
 * What a ClusterSpec in a file must have: the types of spec.ts are made of it. What no cluster can
 * run with beyond its shape, `validateSpec` says.
 */
export const clusterSpecSchema = Type.Object({
  name: Type.String({ description: 'Names the cluster; also its `initial-cluster-token`.' }),
  version: Type.String({
    description: "etcd's version without a leading v, such as `3.5.16`.",
  }),
  members: Type.Array(
    Type.Object({
      name: Type.String(),
      architecture: architectureSchema,
      options: Type.Optional(
        record(Type.String(), { description: 'Options of this member, beside those of all.' }),
      ),
    }),
  ),
  tls: Type.Object({
    client: Type.Enum(['none', 'server', 'mutual'], {
      description: 'mutual = servers and clients both present certificates.',
    }),
    peer: Type.Enum(['none', 'mutual']),
    key: keySchema,
    certificates: Type.Optional(
      Type.Object(
        {
          ca: Type.Optional(certificateShapeSchema),
          server: Type.Optional(certificateShapeSchema),
          peer: Type.Optional(certificateShapeSchema),
          client: Type.Optional(certificateShapeSchema),
        },
        { description: "What the cluster's certificates have of the user's own; absent: ours." },
      ),
    ),
  }),
  auth: Type.Optional(
    Type.Object(
      {
        by: Type.Enum(['password', 'certificate'], {
          description: 'How users prove who they are: a token for a password, or a common name.',
        }),
        token: Type.Enum(['simple', 'jwt'], { description: 'What etcd gives for a password.' }),
      },
      { description: 'Authentication is on; absent = off.' },
    ),
  ),
  door: Type.Optional(
    Type.Enum(['gateway', 'grpc-proxy'], {
      description:
        'What clients pass through on their way to the members, one beside each member; absent = they connect to the members.',
    }),
  ),
  ports: Type.Object({
    client: count,
    peer: count,
    metrics: Type.Integer({
      ...count,
      description: 'Plain HTTP, `/metrics` and `/health`, as in the kubeadm manifest.',
    }),
    clientHttp: Type.Optional(
      Type.Integer({
        ...count,
        description:
          "The clients' HTTP, where it has a port of its own (`listen-client-http-urls`).",
      }),
    ),
  }),
  clientSocket: Type.Optional(
    Type.Enum(['unix', 'unixs'], {
      description: 'Members listen for clients on a unix socket, too; unixs = with TLS.',
    }),
  ),
  bootstrap: Type.Optional(
    Type.Enum(['discovery', 'dns'], {
      description:
        'How the first members find each other: at a discovery service, or by DNS SRV records. Absent: by `initial-cluster`.',
    }),
  ),
  options: record(Type.String(), {
    description: 'Further etcd options by flag name without dashes: `quota-backend-bytes`.',
  }),
  heartbeatIntervalMs: amount,
  electionTimeoutMs: amount,
})
