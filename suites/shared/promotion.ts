import { type Drill, done, etcd, type Member, notYet } from '../../harness/index.ts'
import { etcdErrors, isError } from './etcd/errors.ts'
import { findListedMember } from './membership.ts'
import { formatRejection, longTimeout, rejectionOf } from './rejection.ts'

/** Asks once; resolves to the error with which etcd rejected it, undefined when it accepted. */
export function promoteLearner(
  drill: Drill,
  through: Member,
  id: string,
): Promise<etcd.RequestError | undefined> {
  return rejectionOf(etcd.memberPromote(drill.client(through), id, longTimeout))
}

/**
 * etcd rejects it until the learner has caught up; another rejection ends the wait. A request
 * without an answer is sent again: then the learner may already be a voter.
 */
export async function untilPromoted(
  drill: Drill,
  learner: { readonly through: Member; readonly id: string; readonly name: string },
): Promise<void> {
  const { through, id, name } = learner
  const rejection = await drill.becomes(
    'caught-up-learner-promoted',
    'a learner that has caught up to be promoted',
    async () => {
      const found = await promoteLearner(drill, through, id)
      return isError(found, etcdErrors.learnerNotReady) ? notYet(found?.message ?? '') : done(found)
    },
    { intervalMs: 100 },
  )
  drill.expect(
    'caught-up-learner-promoted',
    'a learner that has caught up is promoted',
    rejection === undefined || isError(rejection, etcdErrors.memberNotLearner),
    formatRejection(rejection),
  )
  const row = await findListedMember(drill, {
    through: findOther(drill, [through.name, name]),
    name,
  })
  drill.expect(
    'promoted-learner-is-voter',
    'a promoted learner is listed as a voter',
    !row.learner,
    'a learner',
  )
  drill.mark('note', 'the learner was promoted')
}

/** A member that was not asked to promote; the first where there is no other. */
function findOther({ cluster }: Drill, besides: readonly string[]): Member {
  const found = cluster.members.find(({ name }) => !besides.includes(name)) ?? cluster.members[0]
  return found as Member
}
