import { type Labels, parsePrometheus, sumOf } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { http } from './connection.ts'

export interface Metrics {
  /** Over all samples that have these labels; undefined when there is none. */
  sum(name: string, labels?: Labels): number | undefined
}

export async function metricsOf(context: TopicContext, index: number): Promise<Metrics> {
  using asking = http(context, index)
  return parseServerMetrics((await asking.get('/metrics')).body)
}

/** A page in the text format of Prometheus. */
export function parseServerMetrics(text: string): Metrics {
  const samples = parsePrometheus(text)
  return { sum: (name, labels) => sumOf(samples, name, labels) }
}
