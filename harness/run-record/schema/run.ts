import { instant, record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { architectureSchema, clusterSpecSchema } from '../../topology/spec-schema.ts'
import { scenarioSchema } from './scenario.ts'

/**
 * `run.json` and its parts as JSON Schema: the types of run-record.ts and docs/run.schema.json are
 * made of it. Unknown fields are allowed.
 */
const text = Type.String()
const flag = Type.Boolean()
const optionalText = Type.Optional(text)

export const etcdSchema = Type.Object({
  version: text,
  image: text,
  imageDigest: optionalText,
  architecture: architectureSchema,
  emulated: flag,
})

export const machineSchema = Type.Object({
  cpus: Type.Number(),
  memoryBytes: Type.Number(),
  kernel: text,
  engine: text,
  node: text,
})

export const capabilitySchema = Type.Object({
  name: text,
  available: flag,
  detail: text,
  lost: Type.Optional(
    Type.String({ description: 'What no scenario can cover without this capability.' }),
  ),
  remedy: optionalText,
})

const headFields = {
  seed: Type.Number(),
  startedAt: instant,
  command: Type.String({ description: 'The command that runs the same again.' }),
  etcd: etcdSchema,
  upgradeTo: Type.Optional(
    Type.Array(etcdSchema, {
      description: 'What the members are upgraded to, one after the other; absent: to nothing.',
    }),
  ),
  failpoints: Type.Optional(
    Type.Array(text, {
      description:
        'Of a binary that was built with failpoints: their names, where chaos may set them.',
    }),
  ),
  spec: clusterSpecSchema,
  machine: machineSchema,
  capabilities: Type.Array(capabilitySchema),
}

const plannedScenarioSchema = Type.Object({
  id: text,
  title: text,
  skip: Type.Optional(
    Type.String({ description: 'Why the run leaves it out: it is reported as not run.' }),
  ),
  beginBy: Type.Optional({
    ...instant,
    description:
      'It begins by then or not at all. If its turn comes later it is reported as not run, and the run is whole without it.',
  }),
})

const plannedSchema = Type.Array(plannedScenarioSchema, {
  description:
    'Everything that the run reports on, in order. One without `skip` and without a result makes the run inconclusive.',
})

/** What run.json needs of plan.json. */
export const planHeadSchema = Type.Object({
  runId: text,
  ...headFields,
  scenarios: plannedSchema,
})

/** plan.json, which the processes that run the scenarios read. */
export const runPlanSchema = Type.Object({
  ...planHeadSchema.properties,
  directory: Type.String({ description: 'Absolute path of the run directory.' }),
  depth: Type.Enum(['quick', 'ci', 'full']),
  toolboxImage: text,
  timeScale: Type.Number({
    description: 'Factor of deadlines and objectives: above 1 for emulated members.',
  }),
  durationMs: Type.Optional(
    Type.Number({ minimum: 0, description: 'Of a chaos run; default by its depth.' }),
  ),
  load: Type.Optional(
    Type.Object(
      { ratePerS: Type.Number({ minimum: 0 }), kneePerS: Type.Optional(Type.Number()) },
      { description: 'Puts a second beside every scenario that injects faults.' },
    ),
  ),
  objectives: record(Type.Number(), {
    description: "The user's objectives by measure; they replace a scenario's own.",
  }),
  options: Type.String({
    description: "The command's options alone, to run a single scenario of it.",
  }),
})

export const runSchema = Type.Object(
  {
    format: Type.Literal('gauntlet-run/1'),
    id: text,
    ...headFields,
    scenarios: Type.Array(scenarioSchema),
    planned: Type.Optional(plannedSchema),
    endedAt: Type.Optional({
      ...instant,
      description: 'Absent while the run is under way, or when it was killed.',
    }),
    errors: Type.Optional(
      Type.Array(text, {
        description: 'What went wrong outside of any scenario; with one, the run did not hold.',
      }),
    ),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'gauntlet-run/1',
    title: 'gauntlet-run/1',
    description: 'The record of one Gauntlet run, written as run.json after every scenario.',
  },
)
