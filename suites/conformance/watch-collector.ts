import { done, type etcd, messageOf, notYet, poll } from '../../harness/index.ts'

/** What a stream of watches was told so far; it grows until this is disposed. */
export interface WatchCollector extends Disposable {
  readonly responses: readonly etcd.WatchResponse[]
  /** In order; of one watch of the stream, when named. */
  events(watchId?: string): etcd.WatchEvent[]
  /** Polls until what was told is enough. Throws a DeadlineError that says what it was. */
  until(
    what: string,
    isEnough: (heard: WatchCollector) => boolean,
    deadlineMs?: number,
  ): Promise<void>
  /** Resolves once the latest watch, or so many, is there. */
  created(count?: number): Promise<void>
}

const deadlineMs = 10_000

/** Reads a stream of watches from now on. */
export function collectWatch(watch: etcd.Watch): WatchCollector {
  const responses: etcd.WatchResponse[] = []
  let broken: string | undefined
  const reading = async () => {
    for await (const response of watch) responses.push(response)
  }
  reading().catch((thrown) => {
    broken = messageOf(thrown)
  })
  const heard: WatchCollector = {
    responses,
    events: (watchId) =>
      responses
        .filter((response) => watchId === undefined || response.watchId === watchId)
        .flatMap(({ events }) => events),
    until: (what, isEnough, withinMs = deadlineMs) =>
      poll(
        () => {
          if (isEnough(heard)) return done(undefined)
          return notYet(broken ?? `${heard.events().length} events in ${responses.length} answers`)
        },
        { what: `a watch to be told ${what}`, deadlineMs: withinMs, intervalMs: 5 },
      ),
    created: (count = 1) =>
      heard.until(`that ${count} are created`, () => {
        return responses.filter(({ created }) => created).length >= count
      }),
    [Symbol.dispose]: watch.close,
  }
  return heard
}

/** `put a=1`, `delete a`: an event in a word or two, its key without the prefix. */
export function formatEvent({ type, kv }: etcd.WatchEvent, prefix: string): string {
  const key = kv.key.slice(prefix.length)
  return type === 'put' ? `put ${key}=${kv.value}` : `delete ${key}`
}
