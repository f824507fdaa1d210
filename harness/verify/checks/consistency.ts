import {
  answersOf,
  type Check,
  cluster,
  formatGroups,
  nameOf,
  noAnswer,
  skipped,
  statusesOf,
} from './check.ts'

/** Compares with the first look, so that writes meanwhile make no member late. */
export const revision: Check = {
  name: 'revision',
  holds: 'Every voter reaches the newest revision that any of them had',
  codes: ['member-behind'],
  run: (view) => {
    const first = statusesOf(view)
    if (first.length === 0) return skipped([noAnswer])
    const newest = Math.max(...first.map(({ status }) => status.revision))
    const behind = statusesOf(view, 'laterStatus').filter(
      ({ status }) => !status.learner && status.revision < newest,
    )
    const findings = behind.map(({ name, status }) => ({
      code: 'member-behind',
      subject: name,
      expected: `revision ${newest}`,
      found: `revision ${status.revision}`,
    }))
    return { findings, seen: `revision ${newest}`, notChecked: [] }
  },
}

/** As etcd's own check: hashes compare only between members that have compacted to one revision. */
export const hash: Check = {
  name: 'hash',
  holds: 'All voters have the same keyspace hash at one revision',
  codes: ['hash-differs'],
  run: (view) => {
    const { answered, notChecked } = answersOf(view, (endpoint) => endpoint.hash)
    if (answered.length === 0) return skipped([...notChecked, noAnswer].slice(0, 3))
    const at = view.hashRevision ?? 0
    const groups = [...Map.groupBy(answered, ({ value }) => value.compactRevision)]
    const findings = groups
      .filter(([, same]) => new Set(same.map(({ value }) => value.hash)).size > 1)
      .map(([, same]) => ({
        code: 'hash-differs',
        subject: cluster,
        expected: `one hash at revision ${at}`,
        found: formatGroups(
          same.map(({ endpoint, value }) => [nameOf(view, endpoint), String(value.hash)]),
        ),
      }))
    const apart =
      groups.length < 2
        ? []
        : ['members that have compacted to different revisions are not compared']
    return { findings, seen: `at revision ${at}`, notChecked: [...notChecked, ...apart] }
  },
}
