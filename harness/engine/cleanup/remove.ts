import { done, notYet, poll } from '../../core/poll.ts'
import { type Engine, statusCodeOf, tolerating } from '../connect.ts'

const removalDeadlineMs = 30_000

/** 404: it is gone; 409: its removal is under way, and removing waits for it. */
const gone = 404
const conflict = 409

/** Kills and removes a container with its unnamed volumes; returns when it is gone. */
export function removeContainer(engine: Engine, id: string): Promise<void> {
  const container = engine.docker.getContainer(id)
  return untilGone(`container ${id} to be removed`, () =>
    container.remove({ force: true, v: true }),
  )
}

/** Waits while a container that is being removed still uses it. */
export function removeVolume(engine: Engine, name: string): Promise<void> {
  const volume = engine.docker.getVolume(name)
  return untilGone(`volume ${name} to be removed`, () => volume.remove())
}

/** Waits while a container that is being removed is still connected. */
export function removeNetwork(engine: Engine, id: string): Promise<void> {
  const network = engine.docker.getNetwork(id)
  return untilGone(`network ${id} to be removed`, () => network.remove())
}

/** Removes an image; one that a container uses, or that has another tag, stays. */
export async function removeImage(engine: Engine, id: string): Promise<void> {
  await tolerating([gone, conflict], engine.docker.getImage(id).remove())
}

function untilGone(what: string, remove: () => Promise<unknown>): Promise<void> {
  return poll(
    async () => {
      try {
        await remove()
        return done(undefined)
      } catch (thrown) {
        if (statusCodeOf(thrown) === gone) return done(undefined)
        return notYet(thrown instanceof Error ? thrown.message : String(thrown))
      }
    },
    { what, deadlineMs: removalDeadlineMs, intervalMs: 50 },
  )
}
