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

// child-process.ts starts this: one order in, one answer out; a second message
// ends the run early. It exits when its parent does.
process.once('disconnect', () => process.exit())
// Ctrl-C reaches the whole group: the parent says when to end, so that no request is left open.
process.on('SIGINT', () => {})
process.once('message', async (order) => {
  const stopping = new AbortController()
  process.once('message', () => stopping.abort())
  const answer = await answerTo(order as Order, stopping.signal)
  process.send?.(answer)
})

async function answerTo({ name, load }: Order, signal: AbortSignal): Promise<GeneratorAnswer> {
  try {
    return { measured: await generators[name].run(load, signal) }
  } catch (thrown) {
    const broken = causesOf(thrown).find((cause) => cause instanceof GuaranteeBrokenError)
    return { message: messageOf(thrown), broken: broken?.fields }
  }
}
