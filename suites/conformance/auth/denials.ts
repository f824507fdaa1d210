import type { TopicContext } from '../topic.ts'
import type { OrdinaryUsers, Users } from './users.ts'

/** How often each member is asked for what it has to deny: one that yields now and then shows. */
const rounds = 3

/** Checks that every member denies a request, each time that it is made. */
export type Deny = (
  id: string,
  /** Such as `a put by a user with read permission`. */
  what: string,
  request: (as: OrdinaryUsers) => Promise<unknown>,
) => Promise<void>

export function denials({ check }: TopicContext, { everywhere }: Users): Deny {
  return (id, what, request) =>
    check.rejectedEach(id, `${what} is denied`, 'permission denied', [
      ...everyTime(everywhere, request),
    ])
}

/** The request to every place in turn, so many times. */
export function everyTime<Place>(
  places: readonly Place[],
  request: (place: Place) => Promise<unknown>,
): readonly (() => Promise<unknown>)[] {
  return Array.from({ length: rounds }, () => places.map((place) => () => request(place))).flat()
}
