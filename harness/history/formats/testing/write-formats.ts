import { operations } from '../../join.ts'
import { type History, isOperation, type OperationEvent } from '../../operations.ts'

/** Register histories as other programs write them: the reverse of the readers, for tests. */
export const writers = {
  'jepsen-edn': (history: History) => jepsenMaps(history).map(formatEdnLine).join(''),
  'jepsen-json': (history: History) => formatArray(jepsenMaps(history)),
  'jepsen-log': (history: History) => jepsenMaps(history).map(formatLogLine).join(''),
  'porcupine-json': (history: History) => formatArray(porcupineOperations(history)),
} as const

type Fields = Readonly<Record<string, unknown>>

function jepsenMaps({ events }: History): Fields[] {
  const asked = new Map<number, OperationEvent>()
  return events.flatMap((event, index) => {
    if (!isOperation(event)) return []
    const { type, process, f, timeNs } = event
    if (type === 'invoke') asked.set(process, event)
    const isAnswer = type === 'ok' && f === 'read'
    const { key, value = null } = (isAnswer ? event : asked.get(process)) ?? event
    return [{ index, time: timeNs, type, process, f, value: key ? [key, value] : value }]
  })
}

function formatEdnLine({ type, f, ...fields }: Fields): string {
  const rest = Object.entries(fields).map(([name, value]) => `:${name} ${formatEdn(value)}`)
  return `{${[`:type :${type}`, `:f :${f}`, ...rest].join(', ')}}\n`
}

function formatLogLine({ process, type, f, value }: Fields): string {
  return `${process}\t:${type}\t:${f}\t${formatEdn(value)}\n`
}

function formatEdn(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  return Array.isArray(value) ? `[${value.map(formatEdn).join(' ')}]` : JSON.stringify(value)
}

/** What failed did not happen: Porcupine has no word for it. */
function porcupineOperations(history: History): Fields[] {
  const done = operations(history).filter(({ outcome }) => outcome !== 'fail')
  return done.map(({ process, f, invoke, completion, invokeIndex, completeIndex }) => ({
    ClientId: process,
    Input: { op: f, key: invoke.key, value: invoke.value },
    Call: invokeIndex,
    ...(Number.isFinite(completeIndex) && {
      Return: completeIndex,
      Output: { ok: completion?.applied ?? true, value: completion?.value },
    }),
  }))
}

function formatArray(elements: readonly Fields[]): string {
  return `[${elements.map((element) => JSON.stringify(element)).join(',\n')}]\n`
}
