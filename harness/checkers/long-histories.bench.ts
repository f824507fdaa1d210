import { checkSimulatedFile } from './testing/etcd-history-file.ts'

/**
 * How long `gauntlet check` takes for etcd histories that no memory holds, and how much memory: a
 * million operations, and ten million. Each is a file of 0.25 to 3 GB in the temporary folder. Exit 1
 * when a verdict is wrong or memory grows with the length. `npx node` runs it; ten million take
 * minutes. An argument is another number of operations.
 */
const heapMiB = 1_024
const mostPeakBytes = 1.5 * 2 ** 30

const [given] = process.argv.slice(2).map(Number)
for (const operations of given === undefined ? [1_000_000, 10_000_000] : [given]) {
  const shares = { unknownShare: 0.01, prevShare: 0.25 }
  const simulation = { seed: 1, operations, keys: 50, processes: 32, ...shares }
  const { verdict, ms, peakBytes, fileBytes } = checkSimulatedFile(simulation, heapMiB)
  const isGood = verdict.verdict === 'valid' && peakBytes <= mostPeakBytes
  if (!isGood) process.exitCode = 1
  const [file, peak] = [fileBytes, peakBytes].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`)
  const figures = `${operations} operations, ${file}: ${Math.round(ms / 1_000)} s, at most ${peak}`
  console.log(`${isGood ? 'ok  ' : 'MISS'} ${figures}  ${verdict.verdict} ${verdict.reason ?? ''}`)
}
