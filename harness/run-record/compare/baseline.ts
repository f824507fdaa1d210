import { record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { readRecord } from '../read-record.ts'
import type { RunRecord, ScenarioRecord } from '../run-record.ts'
import { outcomeOf } from '../verdict.ts'

const baselineSchema = Type.Object({
  format: Type.Literal('gauntlet-baseline/1'),
  broken: record(Type.Array(Type.String()), {
    description:
      'Of each scenario that may be broken, as version/architecture/id: the ids of what may break in it.',
  }),
})

/** What is known to be broken: a gate lets it pass. */
export interface Baseline extends Shape<typeof baselineSchema> {}

const format = { what: 'a baseline', validator: createValidator(baselineSchema) }

/** Throws an InputError with the file and what is wrong with it. */
export const readBaseline = (file: string): Baseline => readRecord(file, format)

/** What is broken in these runs, to be let pass from now on. */
export function baselineOf(runs: readonly RunRecord[]): Baseline {
  const broken = runs.flatMap(placeScenarios).filter(isBroken)
  return {
    format: 'gauntlet-baseline/1',
    broken: Object.fromEntries(broken.map((placed) => [placed.place, brokenIds(placed)])),
  }
}

/** Scenarios by version, architecture and id. */
export interface BaselineComparison {
  /** What broke that the baseline does not have. */
  readonly added: readonly { readonly place: string; readonly broken: readonly string[] }[]
  readonly known: readonly string[]
  /** Broken in the baseline, and held now. */
  readonly mended: readonly string[]
  /** Neither held nor broken: the gate says nothing about them. */
  readonly undecided: readonly string[]
}

/** What runs break beyond the baseline. A scenario that breaks in another way is new. */
export function compareWithBaseline(
  runs: readonly RunRecord[],
  { broken }: Baseline,
): BaselineComparison {
  const placed = runs.flatMap(placeScenarios)
  const isKnown = (place: string) => Object.hasOwn(broken, place)
  const allowed = (place: string) => (isKnown(place) ? (broken[place] ?? []) : [])
  const found = placed.filter(isBroken).map((one) => {
    const fresh = brokenIds(one).filter((id) => !allowed(one.place).includes(id))
    return { place: one.place, broken: fresh }
  })
  const placesOf = (outcome: ScenarioRecord['outcome']) =>
    placed.filter(({ record }) => outcomeOf(record) === outcome).map(({ place }) => place)
  return {
    added: found.filter((one) => one.broken.length > 0),
    known: found.filter((one) => one.broken.length === 0).map(({ place }) => place),
    mended: placesOf('held').filter(isKnown),
    undecided: placesOf('inconclusive'),
  }
}

interface PlacedScenario {
  readonly place: string
  readonly record: ScenarioRecord
}

/** A bug is one of a version: the same scenario may break on one and hold on another. */
function placeScenarios({ etcd, scenarios }: RunRecord): PlacedScenario[] {
  const { version, architecture } = etcd
  return scenarios.map((record) => ({ place: `${version}/${architecture}/${record.id}`, record }))
}

const isBroken = ({ record }: PlacedScenario): boolean => outcomeOf(record) === 'broken'

/** Ids alone: a sentence may be rewritten. A record without any broke as a whole. */
function brokenIds({ record: { broken = [] } }: PlacedScenario): readonly string[] {
  return broken.length === 0 ? ['outcome'] : [...new Set(broken)].sort()
}
