import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { findingOf } from './bundle-evidence.ts'

/** `finding.json` for programs and `README.md` for people. */
export function describeBundle(bundle: {
  readonly record: ScenarioRecord
  readonly about: Readonly<Record<string, unknown>>
  readonly privately: boolean
  readonly isShrunk: boolean
}): { readonly path: string; readonly text: string }[] {
  const { record, about, privately, isShrunk } = bundle
  const { id, title, outcome, reason } = record
  const finding = findingOf(record)
  const content = {
    format: 'gauntlet-bundle/1',
    scenario: id,
    title,
    outcome,
    reason,
    ...(finding && { checker: finding.checker, code: finding.code }),
    ...about,
    redacted: privately,
  }
  const readme = `# ${id}: ${outcome}

${title}.

${reason}

## Judge it again

    npx etcd-gauntlet check evidence

It needs no etcd and no container engine, and prints the same verdict. \`evidence/history.jsonl\` has a
request or an answer a line; docs/HISTORY.md of Gauntlet explains its fields.

## What is here

- \`picture.html\`: what broke: a picture with its lines of evidence, where operations show it, and a timeline. Any browser opens it, without a network.
- \`finding.json\`: the verdict, versions, flags, seed and command.
- \`evidence/\`: ${isShrunk ? 'the part of the evidence that shows the violation: reads and later requests that it does not need are left out, and its checker alone judges it' : 'all of the evidence: no checker found a violation'}.
${privately ? '- Keys, values and names of members are replaced, the same by the same; logs are left out.' : '- `logs/`: what members logged around it.'}
- \`robustness/\`: the same history as etcd's robustness test writes it, where it can express it.
`
  return [
    { path: 'finding.json', text: `${JSON.stringify(content, undefined, 2)}\n` },
    { path: 'README.md', text: readme },
  ]
}
