import type { Checker, CheckInput, Verdict } from './checker.ts'
import { formatObservation } from './keys/format-observation.ts'
import {
  findLifeViolation,
  hasMetadata,
  type MetadataViolation,
  metadataCodes,
} from './keys/key-life.ts'
import { collectObservations, type KeyObservation } from './keys/observations.ts'
import { indexWrites } from './keys/write-index.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'

const name = 'key-metadata'

/**
 * Proves: all answers, watch events and final states that show one key at one mod revision show the
 * same value, version, createRevision and lease; a version is 1 exactly where the key was created;
 * between two mod revisions of one creation it grows by at least the known writes of the key, and by
 * no more than the revisions that may have been such; a creation comes after everything that is known
 * of the key before it, deletes included, and its revision is no known write of other keys alone.
 * Does not prove: that an answer is of the right moment (`etcd-linearizability`), or what no answer
 * shows: a version between writes of unknown outcome may be any that they allow.
 *
 * etcd's API page (KeyValue): version is the number of changes since creation, deletion resets it.
 */
export const keyMetadataChecker: Checker = { name, codes: metadataCodes, check: checkKeyMetadata }

type JudgedCounts = Pick<Verdict, 'operations' | 'factsJudged'>

/** What is known of one key, by mod revision. */
type KeyHistory = Map<number, KeyObservation>

function checkKeyMetadata(input: CheckInput): Verdict {
  const byKey = new Map<string, KeyHistory>()
  let factsJudged = 0
  let found: MetadataViolation | undefined
  collectObservations(input, (observation) => {
    if (hasMetadata(observation)) factsJudged++
    found ??= findImpossible(observation) ?? addObservation(byKey, observation)
  })
  if (found === undefined) {
    const writes = indexWrites(input.history)
    for (const [key, known] of byKey) found ??= findLifeViolation(known, writes.of(key))
  }
  const counts = { operations: factsJudged, factsJudged }
  if (found !== undefined) return verdictOf(found, counts)
  const none = 'no response carried a version or createRevision'
  return requireFacts({ checker: name, verdict: 'valid', ...counts }, none)
}

function findImpossible(observation: KeyObservation): MetadataViolation | undefined {
  if (!hasMetadata(observation)) return undefined
  const { key, modRevision, createRevision, version, by } = observation
  const most = modRevision - createRevision + 1
  const isCreation = createRevision === modRevision
  const isPossible = createRevision > 0 && version > 0 && version <= most
  if (isPossible && isCreation === (version === 1)) return undefined
  const reason = `${formatObservation(observation)}, which no key can have`
  return { code: 'impossible-metadata', key, by: [by], reason }
}

const facts = ['value', 'createRevision', 'version', 'lease'] as const

/** Adds what this one shows to what is known of the key at that revision. */
function addObservation(
  byKey: Map<string, KeyHistory>,
  one: KeyObservation,
): MetadataViolation | undefined {
  const { key, modRevision } = one
  const known = byKey.get(key) ?? new Map<number, KeyObservation>()
  if (known.size === 0) byKey.set(key, known)
  const other = known.get(modRevision)
  if (other === undefined) {
    known.set(modRevision, one)
    return undefined
  }
  if (other.isDeleted !== one.isDeleted || facts.some((fact) => isOther(one[fact], other[fact]))) {
    const reason = `${formatObservation(one)}, and ${formatObservation(other)}`
    return { code: 'answers-disagree', key, by: [other.by, one.by], reason }
  }
  if (facts.some((fact) => one[fact] !== undefined && other[fact] === undefined)) {
    known.set(modRevision, { ...other, ...withoutUndefined(one) })
  }
  return undefined
}

const isOther = (one: unknown, other: unknown) =>
  one !== undefined && other !== undefined && one !== other

function withoutUndefined(one: KeyObservation): KeyObservation {
  return Object.fromEntries(
    Object.entries(one).filter(([, value]) => value !== undefined),
  ) as unknown as KeyObservation
}

function verdictOf({ code, reason, key, by }: MetadataViolation, counts: JudgedCounts): Verdict {
  const involved = by.flatMap((one) => (typeof one === 'string' ? [] : [one.invokeIndex]))
  const culprit = involved.at(-1)
  const evidence = { partition: key, ...(culprit !== undefined && { culprit }), involved }
  return invalidVerdict(name, { code, reason, evidence: { ...evidence, found: reason }, ...counts })
}
