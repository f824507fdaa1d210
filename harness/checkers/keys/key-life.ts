import { formatObservation, formatSource } from './format-observation.ts'
import type { KeyObservation } from './observations.ts'
import type { KeyWriteIndex } from './write-index.ts'

/** The kinds of violation of `key-metadata`. */
export const metadataCodes = [
  'impossible-metadata',
  'answers-disagree',
  'creation-before-delete',
  'creation-by-other-write',
  'wrong-version',
] as const

export interface MetadataViolation {
  readonly code: (typeof metadataCodes)[number]
  readonly reason: string
  readonly key: string
  readonly by: readonly KeyObservation['by'][]
}

/** An observation that shows the key's creation and version. */
type DatedObservation = KeyObservation & {
  readonly createRevision: number
  readonly version: number
}

export const hasMetadata = (one: KeyObservation): one is DatedObservation =>
  one.createRevision !== undefined && one.version !== undefined

/** What was shown of the key before its creation. */
interface EarlierLife {
  readonly last: DatedObservation | undefined
  readonly deleted: KeyObservation | undefined
}

/** Follows one key through its revisions, from each that shows its version to the next. */
export function findLifeViolation(
  known: ReadonlyMap<number, KeyObservation>,
  writes: KeyWriteIndex,
): MetadataViolation | undefined {
  const ascending = [...known.values()].sort((one, other) => one.modRevision - other.modRevision)
  let last: DatedObservation | undefined
  let deleted: KeyObservation | undefined
  /** Mod revisions since the last. */
  let since: number[] = []
  for (const one of ascending) {
    if (one.isDeleted) {
      deleted = one
      continue
    }
    since.push(one.modRevision)
    if (!hasMetadata(one)) continue
    const isSameCreation = last?.createRevision === one.createRevision
    const found =
      findCreationViolation(one, { last, deleted }, writes) ??
      findVersionViolation(one, isSameCreation ? last : undefined, { since, writes })
    if (found !== undefined) return found
    last = one
    since = []
  }
  return undefined
}

/** A creation follows a delete of whatever was there earlier. */
function findCreationViolation(
  one: DatedObservation,
  earlier: EarlierLife,
  writes: KeyWriteIndex,
): MetadataViolation | undefined {
  const { key, createRevision, by } = one
  const later = findNotBefore(createRevision, earlier)
  if (later !== undefined) {
    const reason = `${formatObservation(one)}, and ${formatObservation(later)}`
    return { code: 'creation-before-delete', key, by: [later.by, by], reason }
  }
  const other = writes.creatorOfOtherKeys(createRevision)
  if (other === undefined) return undefined
  const reason = `${formatObservation(one)}, but ${formatSource(other)} created revision ${createRevision} and did not write ${key}`
  return { code: 'creation-by-other-write', key, by: [other, by], reason }
}

/** What is known of the key before its creation, and cannot be before it. */
function findNotBefore(
  createRevision: number,
  { last, deleted }: EarlierLife,
): KeyObservation | undefined {
  if (deleted !== undefined && createRevision <= deleted.modRevision) return deleted
  if (last === undefined || createRevision === last.createRevision) return undefined
  // The delete in between takes a revision of its own.
  return createRevision < last.modRevision + 2 ? last : undefined
}

/** The version grows by the writes in between: at least the known ones, at most the possible ones. */
function findVersionViolation(
  one: DatedObservation,
  last: DatedObservation | undefined,
  { since, writes }: { readonly since: readonly number[]; readonly writes: KeyWriteIndex },
): MetadataViolation | undefined {
  const { key, modRevision, createRevision, version, by } = one
  const from = last?.modRevision ?? createRevision - 1
  const grown = version - (last?.version ?? 0)
  const least = since.filter((revision) => revision > from).length
  const most = writes.mostPutsWithin(from, modRevision)
  if (grown >= least && grown <= most) return undefined
  const expected = least === most ? `${least}` : `${least} to ${most}`
  const before = last === undefined ? 'its creation' : formatObservation(last)
  const reason = `${formatObservation(one)}, expected ${expected} writes of it after ${before}`
  return { code: 'wrong-version', key, by: [...(last ? [last.by] : []), by], reason }
}
