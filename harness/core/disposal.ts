/*
 * Node 22 has `Symbol.asyncDispose` and none of the classes that go with it. They behave as in
 * ECMAScript's explicit resource management, in what we use of them; a later Node keeps its own.
 */

type Dispose = () => unknown

class Suppressed extends Error {
  readonly error: unknown
  readonly suppressed: unknown

  constructor(error?: unknown, suppressed?: unknown, message?: string) {
    super(message)
    this.name = 'SuppressedError'
    this.error = error
    this.suppressed = suppressed
  }
}

/** What both kinds of stack have in common. Throws a ReferenceError once it is disposed. */
class Stack {
  disposed = false
  protected entries: Dispose[] = []

  use<Value>(value: Value): Value {
    if (value === null || value === undefined) return value
    const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = value as Value &
      Partial<AsyncDisposable & Disposable>
    const dispose = later ?? now
    if (dispose === undefined) throw new TypeError('Expected a disposable, got none')
    this.defer(() => dispose.call(value as never))
    return value
  }

  adopt<Value>(value: Value, dispose: (value: Value) => unknown): Value {
    this.defer(() => dispose(value))
    return value
  }

  defer(dispose: Dispose): void {
    if (this.disposed) throw new ReferenceError('Expected a stack that is not disposed yet')
    this.entries.push(dispose)
  }

  move(): this {
    const moved = new (this.constructor as new () => this)()
    for (const entry of this.take()) moved.defer(entry)
    return moved
  }

  /** In the order in which they came; the stack is disposed then. */
  protected take(): Dispose[] {
    this.disposed = true
    return this.entries.splice(0)
  }
}

class AsyncStack extends Stack {
  async disposeAsync(): Promise<void> {
    const thrown: unknown[] = []
    for (const dispose of this.take().reverse()) {
      try {
        await dispose()
      } catch (error) {
        thrown.push(error)
      }
    }
    rethrow(thrown)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync()
  }
}

class SyncStack extends Stack {
  dispose(): void {
    const thrown: unknown[] = []
    for (const dispose of this.take().reverse()) {
      try {
        dispose()
      } catch (error) {
        thrown.push(error)
      }
    }
    rethrow(thrown)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

/** A later error suppresses those before it. */
function rethrow([first, ...later]: readonly unknown[]): void {
  if (first === undefined) return
  throw later.reduce((suppressed, error) => new Suppressed(error, suppressed), first)
}

export const disposal = {
  AsyncDisposableStack: AsyncStack,
  DisposableStack: SyncStack,
  SuppressedError: Suppressed,
}

for (const [name, value] of Object.entries(disposal)) {
  if (name in globalThis) continue
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}
