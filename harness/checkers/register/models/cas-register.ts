import { InputError } from '../../../core/errors.ts'
import type { Operation } from '../../../history/operations.ts'
import { argumentOf, isUnknown, type RegisterModel, returnOf } from './model.ts'
import { observeRegister } from './register-space.ts'
import type { Task, TaskEffect } from './task.ts'
import { canonical, createInterner } from './values.ts'

type Values = ReturnType<typeof createInterner>
type Intern = { readonly values: Values; readonly effects: Values }

/** `read`, `write`, `cas` on any JSON value; see docs/HISTORY.md. */
export const casRegister: RegisterModel = {
  name: 'cas-register',
  compile: (key, operations, initial) => {
    const intern = { values: createInterner(1), effects: createInterner(0) }
    const first = intern.values.of(canonical(initial))
    const tasks = operations.flatMap((operation) => taskOf(operation, intern))
    return { key, ...observeRegister(tasks, first) }
  },
  initialOf: (initial) => initial ?? null,
  apply: (value, operation) => {
    if (operation.f === 'write') return argumentOf(operation)
    const changes = operation.f === 'cas' && operation.completion?.applied !== false
    return changes || isUnknown(operation) ? pairOf(operation)[1] : value
  },
}

function taskOf(operation: Operation, intern: Intern): Task[] {
  const { values } = intern
  const base = { operation, called: operation.invokeIndex, returns: returnOf(operation) }
  if (operation.f === 'read') {
    const seen = operation.completion?.value
    if (operation.outcome !== 'ok' || seen === undefined) return []
    return [{ ...base, sight: { want: values.of(canonical(seen)) } }]
  }
  if (operation.f !== 'write' && operation.f !== 'cas') throw unknownOperation(operation)
  if (operation.outcome === 'fail') return []
  if (operation.f === 'write') {
    return [{ ...base, effect: write(values.of(canonical(argumentOf(operation))), intern) }]
  }
  const [from, to] = pairOf(operation).map((value) => values.of(canonical(value)))
  if (from === undefined || to === undefined) return []
  const isRefused = operation.outcome === 'ok' && operation.completion?.applied === false
  if (isRefused) return [{ ...base, sight: { not: from } }]
  if (from !== to) return [{ ...base, effect: cas(from, to, intern) }]
  return isUnknown(operation) ? [] : [{ ...base, sight: { want: from } }]
}

function write(to: number, { effects }: Intern): TaskEffect {
  return { id: effects.of(`write ${to}`), kind: 'write', to }
}

function cas(from: number, to: number, { effects }: Intern): TaskEffect {
  return { id: effects.of(`cas ${from} ${to}`), kind: 'cas', from, to }
}

function pairOf(operation: Operation): unknown[] {
  const pair = argumentOf(operation)
  if (Array.isArray(pair) && pair.length === 2) return pair
  const got = JSON.stringify(pair) ?? 'nothing'
  throw new InputError(`Expected \`value\` of cas to be [old, new], got ${got}`, {
    event: operation.invokeIndex,
  })
}

function unknownOperation({ f, invokeIndex }: Operation): InputError {
  return new InputError(`Expected \`f\` to be read, write or cas, got ${f}`, { event: invokeIndex })
}
