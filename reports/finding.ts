import type { ScenarioRecord } from '../harness/run-record/run-record.ts'
import { renderFindingPage } from './html/finding-page.ts'
import { viewEvidence } from './model/scenario-view.ts'

/**
 * The picture of a scenario's violations as one HTML file without a script or a request, from nothing
 * but the scenario's own directory and its record.
 */
export async function renderFinding(directory: string, record: ScenarioRecord): Promise<string> {
  const view = await viewEvidence(directory, { record, shown: record, dots: 0 })
  return renderFindingPage(view)
}
