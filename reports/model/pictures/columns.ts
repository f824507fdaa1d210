/** Puts moments (event indexes, times) into columns, in their order. */
export function columnsOf(moments: Iterable<number>) {
  const ordered = [...new Set(moments)].sort((one, other) => one - other)
  const columns = new Map(ordered.map((moment, column) => [moment, column]))
  const columnOf = (moment: number) => columns.get(moment) ?? 0
  return {
    count: ordered.length,
    columnOf,
    /** A bar is a column wide at least. */
    span: (from: number, to: number) => {
      const fromColumn = columnOf(from)
      return { fromColumn, toColumn: Math.max(columnOf(to), fromColumn + 1) }
    },
  }
}
