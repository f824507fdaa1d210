import {
  answersOf,
  type Check,
  cluster,
  eachAnswer,
  type Finding,
  memberName,
  noAnswer,
  skipped,
} from './check.ts'

/** Alarms are the cluster's: every member knows all of them. */
export const alarms: Check = {
  name: 'alarms',
  holds: 'No alarm is raised',
  codes: ['alarm'],
  run: (view) => {
    const { answered, notChecked } = answersOf(view, (endpoint) => endpoint.alarms)
    if (answered.length === 0) return skipped([noAnswer, ...notChecked])
    const raised = answered.flatMap(({ value }) => value)
    const findings = raised.map(({ memberId, type }) => ({
      code: 'alarm',
      subject: memberId === '0' ? cluster : memberName(view, memberId),
      expected: 'no alarm',
      found: type,
    }))
    return { findings: once(findings), seen: `${once(findings).length} raised`, notChecked }
  },
}

function once(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [`${each.subject} ${each.found}`, each])).values()]
}

const fullAt = 0.8

/** etcd counts the allocated database, not what is in use of it. */
export const quota: Check = {
  name: 'quota',
  holds: `Every database is below ${fullAt * 100} % of its quota`,
  codes: ['quota-nearly-full'],
  run: (view) =>
    eachAnswer(
      view,
      ({ metrics }) => metrics,
      ({ value: { quotaBytes, dbSizeBytes }, subject }) => {
        // A negative quota switches it off; etcd then reports 0.
        if (!quotaBytes || dbSizeBytes === undefined || dbSizeBytes < fullAt * quotaBytes) return []
        const percent = Math.round((100 * dbSizeBytes) / quotaBytes)
        const found = `${percent} %: ${formatMiB(dbSizeBytes)} of ${formatMiB(quotaBytes)}`
        const expected = `below ${fullAt * 100} % of the quota`
        return [{ code: 'quota-nearly-full', subject, expected, found }]
      },
    ),
}

const mebibyte = 2 ** 20
/** https://etcd.io/docs/v3.5/dev-guide/limit/: the suggested maximum of a database. */
const largestBytes = 8 * 1_024 * mebibyte

export const dataSize: Check = {
  name: 'data-size',
  holds: 'Every database is within the 8 GiB that etcd suggests at most',
  codes: ['data-too-large'],
  run: (view) =>
    eachAnswer(
      view,
      ({ metrics }) => metrics,
      ({ value: { dbSizeBytes = 0 }, subject }) => {
        if (dbSizeBytes <= largestBytes) return []
        const found = formatMiB(dbSizeBytes)
        const expected = `at most ${formatMiB(largestBytes)}`
        return [{ code: 'data-too-large', subject, expected, found }]
      },
    ),
}

/** As etcd's own alert (`etcdDatabaseHighFragmentationRatio`, contrib/mixin): half, from 100 MiB on. */
const usedAtLeast = 0.5
const worthFreeingBytes = 100 * mebibyte

export const fragmentation: Check = {
  name: 'fragmentation',
  holds: 'No database has 100 MiB or more free and less than half in use',
  codes: ['fragmented'],
  run: (view) =>
    eachAnswer(
      view,
      ({ metrics }) => metrics,
      ({ value: { dbSizeBytes, dbSizeInUseBytes }, subject }) => {
        if (dbSizeBytes === undefined || dbSizeInUseBytes === undefined) return []
        const freeBytes = dbSizeBytes - dbSizeInUseBytes
        if (freeBytes < worthFreeingBytes || dbSizeInUseBytes >= usedAtLeast * dbSizeBytes)
          return []
        const found = `${formatMiB(dbSizeInUseBytes)} of ${formatMiB(dbSizeBytes)} in use`
        return [{ code: 'fragmented', subject, expected: 'a defragmented database', found }]
      },
    ),
}

function formatMiB(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}
