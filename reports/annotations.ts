import type { RunRecord } from '../harness/run-record/run-record.ts'
import { outcomeOf } from '../harness/run-record/verdict.ts'
import { toVisible } from './text.ts'

const levels = { broken: 'error', inconclusive: 'warning', 'known-issue': 'notice' } as const

/** Workflow commands, one a line, for what a reader of the job must see. */
export function renderAnnotations(record: RunRecord): string[] {
  return record.scenarios.flatMap((scenario) => {
    const outcome = outcomeOf(scenario)
    const level = levels[outcome as keyof typeof levels]
    if (level === undefined) return []
    const text = `${scenario.title}: ${scenario.reason}\nRun it again: ${scenario.reproduce}`
    const title = escapeProperty(`${scenario.id} ${outcome}`)
    return [`::${level} title=${title}::${escapeData(text)}`]
  })
}

/** A line break would start a new command. */
function escapeData(text: string): string {
  return toVisible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
