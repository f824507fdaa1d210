import { latencyStepsPerDecade, type PackedPoints } from './data.ts'

export interface Points {
  /** Seconds. */
  readonly times: Float64Array
  readonly latenciesMs: Float32Array
  /** Class × 3 + outcome; classes: writes, reads, serializable reads; outcomes: ok, fail, info. */
  readonly kinds: Uint8Array
}

export function decodePoints(packed: PackedPoints): Points {
  const steps = bytesOf(packed.timesBase64)
  const logs = bytesOf(packed.latenciesBase64)
  const times = new Float64Array(packed.count)
  const latenciesMs = new Float32Array(packed.count)
  let offset = 0
  let tenths = 0
  for (let index = 0; index < packed.count; index++) {
    let shift = 1
    let byte = 0
    do {
      byte = steps[offset++] ?? 0
      tenths += (byte & 127) * shift
      shift *= 128
    } while (byte > 127)
    times[index] = tenths / 10_000
    const log = (logs[index * 2] ?? 0) + (logs[index * 2 + 1] ?? 0) * 256
    latenciesMs[index] = 10 ** (log / latencyStepsPerDecade - 3)
  }
  return { times, latenciesMs, kinds: bytesOf(packed.kindsBase64) }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
