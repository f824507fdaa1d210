import type { RunRecord, ScenarioRecord } from '../run-record.ts'

/** A small valid record for tests; `scenarios` are merged over a held one. */
export function sampleRun(scenarios: readonly Partial<ScenarioRecord>[] = [{}]): RunRecord {
  return {
    format: 'gauntlet-run/1',
    id: '20260131T114502Z-3f9a1c',
    seed: 7,
    startedAt: '2026-01-31T11:45:02.000Z',
    endedAt: '2026-01-31T11:47:02.000Z',
    command: 'gauntlet run --seed 7',
    etcd: {
      version: '3.5.16',
      image: 'etcd:3.5.16-amd64',
      architecture: 'amd64',
      emulated: false,
    },
    spec: {
      name: 'gauntlet',
      version: '3.5.16',
      members: [{ name: 'm1', architecture: 'amd64' }],
      tls: { client: 'mutual', peer: 'mutual', key: 'ecdsa-p256' },
      ports: { client: 2379, peer: 2380, metrics: 2381 },
      options: { 'quota-backend-bytes': '1000000' },
      heartbeatIntervalMs: 100,
      electionTimeoutMs: 1_000,
    },
    machine: { cpus: 2, memoryBytes: 4e9, kernel: '6.1.0', engine: '20.10', node: '24.0.0' },
    capabilities: [{ name: 'netem', available: false, detail: 'no module', lost: 'packet delay' }],
    scenarios: scenarios.map((scenario) => ({ ...sampleScenario, ...scenario })),
  }
}

const sampleScenario: ScenarioRecord = {
  id: 'quorum-loss/leader-killed',
  suite: 'quorum-loss',
  title: 'A killed leader is replaced and nothing acknowledged is lost',
  outcome: 'held',
  reason: 'Every verdict is valid',
  seed: 7,
  startedAt: '2026-01-31T11:45:03.000Z',
  durationMs: 20_000,
  members: [{ name: 'm1', architecture: 'amd64' }],
  measures: { writeOutageMs: 1_300, readOutageMs: null, operations: 4_000 },
  objectives: [{ measure: 'writeOutageMs', atMost: 3_000, measured: 1_300, met: true }],
  verdicts: [{ checker: 'linearizable', verdict: 'valid', operations: 4_000 }],
  marks: [{ timeNs: 5e9, kind: 'leader', member: 'm1', text: 'm1 leads in term 3' }],
  directory: 'scenarios/quorum-loss/leader-killed',
  reproduce: 'gauntlet run quorum-loss/leader-killed --seed 7',
}
