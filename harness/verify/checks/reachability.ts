import { type Check, type CheckOutcome, eachAnswer, memberName, skipped } from './check.ts'
import type { ProbePath } from './cluster-view.ts'

export const endpoints: Check = {
  name: 'endpoints',
  holds: 'Every endpoint, and every advertised client URL of other members, answers',
  codes: ['endpoint-unreachable'],
  run: (view) => {
    const silent = view.endpoints.flatMap(({ url, status }) =>
      status.kind === 'unanswered' ? [{ url, reason: status.reason }] : [],
    )
    const refusals = view.endpoints.flatMap(({ url, status }) =>
      status.kind === 'rejected' ? [`${url}: ${status.reason}`] : [],
    )
    return {
      findings: silent.map(({ url, reason }) => ({
        code: 'endpoint-unreachable',
        subject: url,
        expected: 'an answer to a status request',
        found: reason,
      })),
      seen: `${view.endpoints.length - silent.length} of ${view.endpoints.length} answer`,
      notChecked: refusals,
    }
  },
}

/** A port that only a firewall or another network hides from here is no fault. */
export const peerPorts: Check = {
  name: 'peer-ports',
  holds: 'Every peer port answers, where any of them can be reached from here',
  codes: ['peer-port-unreachable'],
  run: (view): CheckOutcome => {
    const reached = view.peers.filter(({ port }) => port.kind === 'answered').length
    if (reached === 0) return skipped(['no peer port can be reached from here'])
    const findings = view.peers.flatMap(({ memberId, url, port }) =>
      port.kind === 'unanswered'
        ? [
            {
              code: 'peer-port-unreachable',
              subject: memberName(view, memberId),
              expected: `a connection to ${url}`,
              found: port.reason,
            },
          ]
        : [],
    )
    return { findings, seen: `${reached} of ${view.peers.length} answer`, notChecked: [] }
  },
}

/** etcd answers 503 for an alarm or without a leader, and says which in the body. */
const probe = (path: ProbePath): Check => ({
  name: path.slice(1),
  holds: `\`${path}\` answers 200 at every endpoint whose version has it`,
  codes: ['probe-failing'],
  run: (view) =>
    eachAnswer(
      view,
      ({ probes }) => probes[path],
      ({ value: { statusCode, body }, subject }) => {
        if (statusCode === 200) return []
        const found = `${statusCode}${body === '' ? '' : `: ${body}`}`
        return [{ code: 'probe-failing', subject, expected: `200 of ${path}`, found }]
      },
    ),
})

export const probes = [probe('/health'), probe('/livez'), probe('/readyz'), probe('/metrics')]
