import { EnvironmentError, InputError, messageOf } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'
import type { Engine } from '../connect.ts'
import type { ImageChoice } from './choice.ts'
import { type FoundImage, inspectImage } from './inspect.ts'
import { pullImage } from './pull.ts'

/** The image of a reference: the engine's own when that is for the architecture, else a pulled one. */
export async function ensureFetched(
  engine: Engine,
  options: ImageChoice & { readonly reference: string; readonly architecture: Architecture },
): Promise<FoundImage> {
  const { reference, architecture, allowBuild, log } = options
  const present = await inspectImage(engine, reference)
  if (present?.architecture === architecture) return present
  if (!allowBuild) {
    throw new EnvironmentError(`Expected image ${reference} (${architecture}) at the engine`)
  }
  try {
    await pullImage({ reference, architecture, log })
  } catch (thrown) {
    if (present === undefined) throw thrown
    throw new InputError(
      `Expected image ${reference} to be for ${architecture}, the engine has it for ` +
        `${present.architecture} and the registry gives no other: ${messageOf(thrown)}`,
    )
  }
  const image = await inspectImage(engine, reference)
  if (image?.architecture === architecture) return image
  throw new InputError(
    `Expected image ${reference} to be for ${architecture}, got ${image?.architecture ?? 'none'}`,
  )
}
