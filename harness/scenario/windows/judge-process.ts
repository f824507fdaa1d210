import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { replaceJson } from '../../run-record/files.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'

// A child process: judges the directory that is its argument, and writes the record into it.
// A Ctrl-C is for the run, which still wants this verdict; without the run nothing does.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.exit())

const [directory = ''] = process.argv.slice(2)
const record = judgeScenario(await readEvidence(directory))
replaceJson(evidencePaths(directory).record, record)
process.disconnect?.()
