/** A stretch of time; `toNs` may be Infinity. */
export interface TimeSpan {
  readonly fromNs: number
  readonly toNs: number
}

/** The time that any of them covers, in order. Spans that only touch stay apart. */
export function uniteSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const united: { fromNs: number; toNs: number }[] = []
  for (const { fromNs, toNs } of spans.toSorted((one, other) => one.fromNs - other.fromNs)) {
    const last = united.at(-1)
    if (last === undefined || fromNs >= last.toNs) united.push({ fromNs, toNs })
    else last.toNs = Math.max(last.toNs, toNs)
  }
  return united
}

/** The time that both cover. Each list is in order, without overlaps, as `uniteSpans` returns it. */
export function intersectSpans(some: readonly TimeSpan[], others: readonly TimeSpan[]): TimeSpan[] {
  const common: TimeSpan[] = []
  let [left, right] = [0, 0]
  for (;;) {
    const [one, other] = [some[left], others[right]]
    if (one === undefined || other === undefined) return common
    const fromNs = Math.max(one.fromNs, other.fromNs)
    const toNs = Math.min(one.toNs, other.toNs)
    if (fromNs < toNs) common.push({ fromNs, toNs })
    if (one.toNs < other.toNs) left++
    else right++
  }
}
