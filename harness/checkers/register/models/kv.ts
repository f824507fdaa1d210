import { InputError } from '../../../core/errors.ts'
import type { Operation } from '../../../history/operations.ts'
import { argumentOf, isUnknown, type RegisterModel, returnOf } from './model.ts'
import { createPrefixSpace, type PrefixSpace } from './prefix-space.ts'
import { type Task, unseen } from './task.ts'
import { createInterner } from './values.ts'

/** `get`, `put`, `append` on a string, missing = ""; see docs/HISTORY.md. */
export const kv: RegisterModel = {
  name: 'kv',
  compile: (key, operations, initial) => {
    for (const operation of operations) requireKnown(operation)
    const space = createPrefixSpace(operations.filter(isAnswered).map(sightingOf), textOf(initial))
    const effects = createInterner(0)
    const tasks = operations.flatMap((operation) => taskOf(operation, space, effects))
    return { key, tasks, space }
  },
  initialOf: (initial) => {
    if (initial === undefined || initial === null || typeof initial === 'string')
      return initial ?? ''
    const got = JSON.stringify(initial).slice(0, 60)
    throw new InputError(`Expected \`initial\` of a kv history to be a string, got ${got}`)
  },
  apply: (value, operation) => {
    if (operation.f === 'put') return textOf(argumentOf(operation))
    return operation.f === 'append' ? `${value}${textOf(argumentOf(operation))}` : value
  },
}

function isAnswered({ f, outcome, completion }: Operation): boolean {
  return f === 'get' && outcome === 'ok' && completion?.value !== undefined
}

function sightingOf({ completion, completeIndex }: Operation) {
  return { text: textOf(completion?.value), until: completeIndex }
}

function taskOf(
  operation: Operation,
  space: PrefixSpace,
  effects: ReturnType<typeof createInterner>,
): Task[] {
  const base = { operation, called: operation.invokeIndex, returns: returnOf(operation) }
  if (operation.f === 'get') {
    if (!isAnswered(operation)) return []
    return [{ ...base, sight: { want: space.stateOf(textOf(operation.completion?.value)) } }]
  }
  if (operation.outcome === 'fail') return []
  const text = textOf(argumentOf(operation))
  if (operation.f === 'append') {
    if (text === '') return []
    const append = {
      ...base,
      effect: { id: effects.of(`+${text}`), kind: 'append', text },
    } as const
    return keepUseful(append, isUnknown(operation) ? space.lastSighting() : undefined)
  }
  const to = space.stateOf(text)
  const id = to === unseen ? `?${text}` : `=${text}`
  const put = { ...base, effect: { id: effects.of(id), kind: 'write', to } } as const
  return keepUseful(put, isUnknown(operation) ? space.seenUntil(to) : undefined)
}

/** An unknown operation whose effect no answer can observe need never happen. */
function keepUseful(task: Task, uselessFrom: number | undefined): Task[] {
  if (uselessFrom === undefined) return [task]
  return uselessFrom > task.called ? [{ ...task, uselessFrom }] : []
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw new InputError(
    `Expected the values of a kv history to be strings, got ${JSON.stringify(value)}`,
  )
}

function requireKnown({ f, invokeIndex }: Operation): void {
  if (f === 'get' || f === 'put' || f === 'append') return
  throw new InputError(`Expected \`f\` to be get, put or append, got ${f}`, { event: invokeIndex })
}
