import { done, type etcd, messageOf, notYet, poll } from '../../../harness/index.ts'

/** What a stream of watches has received; it grows until disposal. */
export interface WatchCollector extends Disposable {
  readonly responses: readonly etcd.WatchResponse[]
  /** In order; of one watch of the stream when given. */
  events(watchId?: string): etcd.WatchEvent[]
  /** Polls until the stream has received enough. Throws a DeadlineError with what it received. */
  until(what: string, isEnough: (collector: WatchCollector) => boolean): Promise<void>
  /** Resolves when the latest watch, or that number of watches, is created. */
  created(count?: number): Promise<void>
}

/** Starts to read a stream of watches. */
export function collectWatch(
  watch: etcd.Watch,
  /** How long `until` and `created` wait. */
  { deadlineMs }: { readonly deadlineMs: number },
): WatchCollector {
  const responses: etcd.WatchResponse[] = []
  let broken: string | undefined
  const reading = async () => {
    for await (const response of watch) responses.push(response)
  }
  reading().catch((thrown) => {
    broken = messageOf(thrown)
  })
  const collector: WatchCollector = {
    responses,
    events: (watchId) =>
      responses
        .filter((response) => watchId === undefined || response.watchId === watchId)
        .flatMap(({ events }) => events),
    until: (what, isEnough) =>
      poll(
        () => {
          if (isEnough(collector)) return done(undefined)
          return notYet(
            broken ?? `${collector.events().length} events in ${responses.length} answers`,
          )
        },
        { what: `a watch to receive ${what}`, deadlineMs, intervalMs: 5 },
      ),
    created: (count = 1) =>
      collector.until(`${count} creations`, () => {
        return responses.filter(({ created }) => created).length >= count
      }),
    [Symbol.dispose]: watch.close,
  }
  return collector
}

/** An event in short, such as `put a=1` or `delete a`, its key without the prefix. */
export function formatEvent({ type, kv }: etcd.WatchEvent, prefix: string): string {
  const key = kv.key.slice(prefix.length)
  return type === 'put' ? `put ${key}=${kv.value}` : `delete ${key}`
}
