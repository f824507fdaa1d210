import { done, notYet, poll } from '../../core/poll.ts'
import { type Engine, statusCodeOf, tolerating } from '../connect.ts'

const removalDeadlineMs = 30_000

/** 404: it is gone; 409: its removal is under way, and removing waits for it; 403 and 409: in use. */
const gone = 404
const forbidden = 403
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

/** Tries once: false while a container uses it, such as one that was created since the last look. */
export function tryRemoveVolume(engine: Engine, name: string): Promise<boolean> {
  return isGoneAfter(() => engine.docker.getVolume(name).remove())
}

/** Tries once: false while a container is connected. */
export function tryRemoveNetwork(engine: Engine, id: string): Promise<boolean> {
  return isGoneAfter(() => engine.docker.getNetwork(id).remove())
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
    { what, deadlineMs: removalDeadlineMs, intervalMs: 50, whose: 'engine' },
  )
}

async function isGoneAfter(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove()
    return true
  } catch (thrown) {
    const code = statusCodeOf(thrown)
    if (code === gone) return true
    if (code === conflict || code === forbidden) return false
    throw thrown
  }
}
