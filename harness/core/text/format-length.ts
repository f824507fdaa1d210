/** A stretch of time for people: `12 s`, `4 min`, `1 h 30 min`. */
export function formatLength(ms: number): string {
  if (ms < 89_500) return `${Math.max(Math.round(ms / 1_000), 1)} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 90) return `${minutes} min`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`
}
