import { http } from './http.ts'
import type { TopicContext } from './topic.ts'

export interface Metrics {
  /** Over all label sets, or those that contain this text; undefined when there is none. */
  sum(name: string, having?: string): number | undefined
}

export async function metricsOf(bench: TopicContext, index: number): Promise<Metrics> {
  using asking = http(bench, index)
  return readMetrics((await asking.get('/metrics')).body)
}

/** The text format of Prometheus: `name{labels} value`, and comments. */
export function readMetrics(text: string): Metrics {
  const samples = text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, labels, value: Number(value) }]
  })
  return {
    sum: (name, having = '') => {
      const found = samples.filter((one) => one.name === name && one.labels.includes(having))
      if (found.length === 0) return undefined
      return found.reduce((all, { value }) => all + value, 0)
    },
  }
}
