import type { Schema } from './schema.ts'

/** `run.json` as JSON Schema; published as docs/run.schema.json. Unknown fields are allowed. */
const text: Schema = { type: 'string' }
const number: Schema = { type: 'number' }
const flag: Schema = { type: 'boolean' }
const duration: Schema = { type: 'number', minimum: 0 }
const count: Schema = { type: 'integer', minimum: 0 }
const instant: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
}
const architecture: Schema = { enum: ['amd64', 'arm64'] }
/** A path that stays inside the run directory: relative, no `..`, no backslash. */
const insidePath: Schema = {
  type: 'string',
  pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\\\\\u0000]+$',
}

function object(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  const properties = { ...required, ...optional }
  return { type: 'object', required: Object.keys(required), properties }
}

function list(items: Schema): Schema {
  return { type: 'array', items }
}

const etcd = object(
  { version: text, image: text, architecture, emulated: flag },
  { imageDigest: text },
)

const spec = object({
  name: text,
  version: text,
  members: list(object({ name: text, architecture })),
  tls: object({
    client: { enum: ['none', 'server', 'mutual'] },
    peer: { enum: ['none', 'mutual'] },
    key: { enum: ['rsa-2048', 'ecdsa-p256'] },
  }),
  ports: object({ client: count, peer: count, metrics: count }),
  options: { type: 'object', additionalProperties: text },
  heartbeatIntervalMs: duration,
  electionTimeoutMs: duration,
})

const machine = object({
  cpus: number,
  memoryBytes: number,
  kernel: text,
  engine: text,
  node: text,
})

const capability = object(
  { name: text, available: flag, detail: text },
  { lost: text, remedy: text },
)

const measures: Schema = {
  type: 'object',
  description: 'Named numbers; null = could not be measured. Units last in the name.',
  additionalProperties: { type: ['number', 'null'] },
}

const objective = object(
  { measure: text, measured: { type: ['number', 'null'] }, met: flag },
  { atMost: number, atLeast: number },
)

const positions: Schema = list(count)

const verdict = object(
  { checker: text, verdict: { enum: ['valid', 'invalid', 'unknown'] } },
  {
    reason: text,
    operations: count,
    ms: duration,
    evidence: object(
      {},
      {
        partition: text,
        culprit: count,
        prefix: positions,
        involved: positions,
        expected: text,
        found: text,
      },
    ),
  },
)

const mark = object(
  {
    timeNs: number,
    kind: {
      enum: [
        'steady',
        'leader',
        'member-down',
        'member-up',
        'outage-begin',
        'outage-end',
        'healed',
        'note',
      ],
    },
    text,
  },
  { member: text, of: { enum: ['writes', 'reads'] } },
)

export const scenarioSchema = object(
  {
    id: text,
    suite: text,
    title: text,
    outcome: {
      enum: ['held', 'broken', 'known-issue', 'not-applicable', 'not-run', 'inconclusive'],
    },
    reason: text,
    seed: number,
    startedAt: instant,
    durationMs: duration,
    members: list(object({ name: text, architecture, learner: flag })),
    measures,
    objectives: list(objective),
    verdicts: list(verdict),
    marks: list(mark),
    directory: insidePath,
    reproduce: text,
  },
  { clockStartedAt: instant },
)

export const runSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'gauntlet-run/1',
  title: 'gauntlet-run/1',
  description: 'The record of one Gauntlet run, written as run.json after every scenario.',
  ...object(
    {
      format: { type: 'string', const: 'gauntlet-run/1' },
      id: text,
      seed: number,
      startedAt: instant,
      command: text,
      etcd,
      spec,
      machine,
      capabilities: list(capability),
      scenarios: list(scenarioSchema),
    },
    { endedAt: instant, errors: list(text) },
  ),
}
