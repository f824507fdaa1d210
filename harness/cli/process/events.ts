import { messageOf } from '../../core/errors.ts'

/** SIGTERM is how a CI job or a service manager interrupts. */
export function stopOnInterrupt(stop: () => void): () => void {
  let firstMs: number | undefined
  const onInterrupt = () => {
    // A signal to the process group may arrive twice: our parent process passes it on too.
    if (firstMs !== undefined && performance.now() - firstMs < echoMs) return
    if (firstMs !== undefined) process.exit(130)
    firstMs = performance.now()
    process.stderr.write('gauntlet: stopping; interrupt again to exit at once\n')
    stop()
  }
  for (const signal of signals) process.on(signal, onInterrupt)
  return () => {
    for (const signal of signals) process.off(signal, onInterrupt)
  }
}

/** As `stopOnInterrupt`, where a caller listens to the signals; at once when they came before. */
export function stopOnAbort(signal: AbortSignal, stop: () => void): () => void {
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  return () => signal.removeEventListener('abort', stop)
}

/**
 * Adds what nothing in this process caught, such as an error of vitest's own, to `errors`. The run
 * goes on, so that it reports what was judged. Returns what stops collecting.
 */
export function collectUncaught(errors: string[]): () => void {
  process.setUncaughtExceptionCaptureCallback((thrown) => {
    errors.push(`an error that nothing caught: ${messageOf(thrown)}`)
  })
  return () => process.setUncaughtExceptionCaptureCallback(null)
}

/**
 * Calls `open` and removes the listeners that it adds to this process. Vitest's would exit at the
 * first Ctrl-C, but a scenario needs time to unwind; and at a rejection that nothing handles with 1,
 * which means a broken guarantee.
 */
export async function withoutListeners<T>(open: () => Promise<T>): Promise<T> {
  const before = new Set(listeners().map(({ listener }) => listener))
  const opened = await open()
  for (const { event, listener } of listeners()) {
    if (!before.has(listener)) process.off(event, listener)
  }
  return opened
}

function listeners() {
  return [...signals, 'unhandledRejection'].flatMap((event) =>
    process.rawListeners(event).map((listener) => ({
      event,
      listener: listener as (...args: unknown[]) => void,
    })),
  )
}

const echoMs = 250
const signals = ['SIGINT', 'SIGTERM'] as const
