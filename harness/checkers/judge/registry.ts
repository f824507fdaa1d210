import { InputError } from '../../core/errors.ts'
import { appendListsChecker } from '../append-lists.ts'
import { bankChecker } from '../bank.ts'
import type { Checker } from '../checker.ts'
import { leaseChecker } from '../lease.ts'
import { lockChecker } from '../lock.ts'
import { watchChecker } from '../watch.ts'
import { standardCheckers } from './standard.ts'

/** Checkers by name: a saved scenario names the ones that judge it. */
export type CheckerRegistry = ReadonlyMap<string, Checker>

/** Every checker of ours, and the given ones beside or instead of them. */
export function createRegistry(others: readonly Checker[] = []): CheckerRegistry {
  const all = [
    ...standardCheckers,
    watchChecker,
    lockChecker,
    leaseChecker,
    bankChecker,
    appendListsChecker,
    ...others,
  ]
  return new Map(all.map((checker) => [checker.name, checker]))
}

/** In the order of the names. Throws an InputError for a name that the registry does not have. */
export function findCheckers(names: readonly string[], registry: CheckerRegistry): Checker[] {
  return names.map((name) => {
    const checker = registry.get(name)
    if (checker !== undefined) return checker
    const known = [...registry.keys()].join(', ')
    throw new InputError(`Expected a checker to be one of ${known}, got ${JSON.stringify(name)}`, {
      checker: name,
    })
  })
}
