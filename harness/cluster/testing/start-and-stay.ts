import { startCluster } from '../start.ts'
import { clusterPlan } from './setup.ts'

/** A program for a test that kills it: starts a cluster and stays. */
const [runId = ''] = process.argv.slice(2)
process.stdout.write('starting\n')
const cluster = await startCluster(clusterPlan({ runId }))
await cluster.member('m1').inNetwork(['true'])
process.stdout.write('up\n')
setInterval(() => {}, 60_000)
