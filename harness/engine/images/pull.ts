import { setTimeout as delay } from 'node:timers/promises'
import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { EnvironmentError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Architecture } from '../../topology/spec.ts'

const pullDeadlineMs = 5 * 60_000

/**
 * Fetches an image with the credentials that docker's client would use. Bounded: throws an
 * EnvironmentError with the registry's answer, or with the deadline that it missed.
 */
export async function pullImage(options: {
  readonly reference: string
  readonly architecture: Architecture
  readonly log: Log
}): Promise<void> {
  const { reference, architecture, log } = options
  log.step(`fetching ${reference} (${architecture})`)
  const { image } = await getContainerRuntimeClient()
  const pulling = image.pull(ImageName.fromString(reference), {
    force: true,
    platform: `linux/${architecture}`,
  })
  const waiting = new AbortController()
  const late = delay(pullDeadlineMs, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`no image within ${pullDeadlineMs / 1_000} s`)
  })
  try {
    await Promise.race([pulling, late])
  } catch (thrown) {
    throw new EnvironmentError(
      `Expected to fetch image ${reference} (${architecture}), got: ${messageOf(thrown)}`,
      { reference, architecture },
      thrown,
    )
  } finally {
    late.catch(() => {})
    waiting.abort()
  }
}
