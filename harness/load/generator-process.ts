import { type BrokenGuarantee, causesOf, GuaranteeBrokenError, messageOf } from '../core/errors.ts'
import type { Load, MeasuredLoad } from './generator.ts'
import { type GeneratorName, generators } from './generators.ts'

export interface Order {
  readonly name: GeneratorName
  readonly load: Load
}

export type GeneratorAnswer =
  | { readonly measured: MeasuredLoad }
  | { readonly message: string; readonly broken: BrokenGuarantee | undefined }

// child-process.ts starts this: one order in, one answer out. It exits when its parent does.
process.once('disconnect', () => process.exit())
process.once('message', async (order) => {
  const answer = await answerTo(order as Order)
  process.send?.(answer)
})

async function answerTo({ name, load }: Order): Promise<GeneratorAnswer> {
  try {
    return { measured: await generators[name].run(load) }
  } catch (thrown) {
    const broken = causesOf(thrown).find((cause) => cause instanceof GuaranteeBrokenError)
    return { message: messageOf(thrown), broken: broken?.fields }
  }
}
