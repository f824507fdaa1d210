import type { OperationEvent } from '../../operations.ts'

/**
 * Some clients write numbers and read texts: 7 and "7". Where all values that are written are
 * numbers and every answer is such a text, they are compared as text.
 */
export function compareAsText(
  events: readonly OperationEvent[],
  file: string,
): { readonly events: readonly OperationEvent[]; readonly warnings: readonly string[] } {
  const written = events.filter(({ type, f }) => type === 'invoke' && f !== 'read')
  const reads = events.filter(({ type, f }) => type === 'ok' && f === 'read')
  const answers = reads.map(({ value }) => value).filter((value) => value !== null)
  const isMixed =
    answers.length > 0 &&
    answers.every(isNumberText) &&
    written.every(({ value }) => leavesOf(value).every((leaf) => typeof leaf === 'number'))
  if (!isMixed) return { events, warnings: [] }
  const warning = `${file}: numbers are written and texts are read: compared as text`
  return { events: events.map(withText), warnings: [warning] }
}

function isNumberText(value: unknown): boolean {
  return typeof value === 'string' && value === String(Number(value))
}

/** Of a cas both values, of a write its one. */
function leavesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.filter((leaf) => leaf !== null) : [value]
}

function withText(event: OperationEvent): OperationEvent {
  const { value } = event
  if (typeof value === 'number') return { ...event, value: String(value) }
  if (!Array.isArray(value)) return event
  return { ...event, value: value.map((leaf) => (typeof leaf === 'number' ? String(leaf) : leaf)) }
}
